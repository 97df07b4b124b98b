"""Connectify without a port, called by operation; every answer and every frame has to fit the spec."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import Headers, QueryParams

from earwitness.documents import load_documents
from earwitness.spec import ABSENT
from reference_server import defects
from reference_server.apis.connectify import Connectify
from reference_server.app import application
from reference_server.core.assembly import Core, assemble
from reference_server.core.hub import Hub
from reference_server.core.refusals import Refusal
from reference_server.core.store import open_store
from reference_server.levers import greeting
from reference_server.web import Knock, Seat
from tests.reference_server.conftest import Client

DOCUMENTS: Final = load_documents("connectify")
SPEC: Final = DOCUMENTS.spec
ALICE, BOB, CAROL, DAVE, EVE = 1, 2, 3, 4, 5
CHANNEL: Final = {"conversation": "conversation_id", "groupChat": "group_chat_id"}


class Ears(Hub):
    """Remembers what each open socket heard, for tests without a task for each."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, int | None, Mapping[str, Any]]] = []

    def release(self) -> None:
        for audience, event, room_id in self._held:
            for channel in SPEC.channels.values():
                assert channel.check_frame(json.loads(json.dumps(event))) == ()
            for member_id in audience:
                ears = [each for each in self.ears_of(member_id) if self.is_for(each, room_id)]
                self.heard += [(each.member_id, each.room_id, event) for each in ears]
        self._held.clear()


@dataclass(frozen=True, slots=True)
class Site:
    """The server, with alice, bob, carol and dave, and eve of another organisation."""

    client: Client
    api: Connectify
    core: Core
    ears: Ears
    reached: set[tuple[str, int]] = field(default_factory=set)

    def call(
        self,
        who: str | None,
        operation: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        files: object = None,
        fits: bool = True,
        **path: object,
    ) -> tuple[int, Any]:
        """Status and body of the answer to ``operation``. A body beside ``files`` is a form."""
        spec = SPEC.operations[operation]
        paths = DOCUMENTS.binding.paths[self.api.paths] if self.api.paths else {}
        address = paths.get(operation, spec.path).format(**{k: quote(str(v)) for k, v in path.items()})
        options: dict[str, Any] = {"data": body, "files": files} if files else {"json": body}
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        response = self.client.request(spec.method, address, headers=headers, params=query, **options)
        answer = response.json() if response.content else None
        if fits:
            shown = ABSENT if answer is None else answer
            assert (
                spec.check_response(response.status_code, response.headers.get("content-type"), shown) == ()
            )
        self.reached.add((operation, response.status_code))
        return response.status_code, answer

    def token(self, who: str) -> str:
        (row,) = self.core.store.rows("SELECT id FROM members WHERE username LIKE ?", f"{who}%")
        return self.core.identity.token_of(self.core.identity.member(row["id"]))

    def knock(self, token: str, channel: str, room: object) -> Seat:
        """Raises a Refusal. The socket stays open."""
        spec = SPEC.channels[channel]
        query = QueryParams({"token": token})
        knock = Knock({CHANNEL[channel]: str(room)}, query, Headers({}), "127.0.0.1")
        with self.core.request():
            seat = self.api.channels()[spec.address].admit(knock)
        self.core.hub.open(seat.member.id, seat.room_id)
        return seat

    def listen(self, who: str, channel: str, room: object) -> Seat:
        return self.knock(self.token(who), channel, room)

    def say(self, seat: Seat, frame: object) -> bool:
        """Whether a frame on that socket was taken."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        with suppress(Refusal):
            with self.core.request():
                self.api.hear(seat, text)
            return True
        return False

    def heard(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Who heard what since this was last asked."""
        heard = [(member, event) for member, _, event in self.ears.heard]
        self.ears.heard.clear()
        return heard

    def hearers(self) -> list[int]:
        return [member for member, _ in self.heard()]

    def texts(self, who: str, room: int = 1, operation: str = "listConversationMessages") -> list[str]:
        """What ``who`` reads in a conversation or group chat, newest first."""
        key = "conversation_id" if operation == "listConversationMessages" else "group_chat_id"
        where: dict[str, Any] = {key: room}
        page = self.call(who, operation, query={"page_size": 100}, **where)[1]
        return [each["content"] for each in page["results"]]


Open = Callable[..., Site]


@contextmanager
def opening() -> Iterator[Open]:
    """Gives what opens a site, with the defects that are named planted in it."""
    stores = []

    def open_site(*ids: str, paths: str | None = None, api: type[Connectify] = Connectify) -> Site:
        chosen = defects.choose("connectify", ids)
        store = open_store(None, "connectify")
        stores.append(store)
        damaged_hub = defects.parts(chosen).hub
        hub = Ears() if damaged_hub is Hub else type("DamagedEars", (Ears, damaged_hub), {})()
        names = ("alice", "bob", "carol", "dave")
        core = replace(assemble(store, names, defects.parts(chosen), Connectify.settings), hub=hub)
        with core.request():
            assert core.identity.mint("eve", 2).id == EVE
        served = defects.damaged(api, chosen)(core, paths)
        return Site(Client(application(served, greeting(served, "testserver", ids))), served, core, hub)

    try:
        yield open_site
    finally:
        for store in stores:
            store.close()


def start(site: Site, who: str = "alice", peer: int = BOB, text: str | None = "hello") -> tuple[int, Any]:
    body = {"participant_id": peer, "organization_id": 1}
    return site.call(who, "createConversation", {**body, "initial_message": text} if text else body)


def gather(site: Site, *others: int, who: str = "alice", text: str | None = "hello") -> tuple[int, Any]:
    body = {"name": "team", "organization_id": 1, "member_ids": list(others)}
    return site.call(who, "createGroupChat", {**body, "initial_message": text} if text else body)


def block(site: Site, who: str, blocked: int) -> int:
    return int(site.call(who, "createBlock", {"blocked_id": blocked, "organization_id": 1})[1]["id"])
