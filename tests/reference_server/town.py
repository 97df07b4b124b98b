"""netroxchange without a port: its members call and speak, everything it says is held against its documents, and who was to hear what is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import Headers, QueryParams

from earwitness.documents import load_documents
from earwitness.spec import ABSENT, Spec
from reference_server import defects
from reference_server.apis.netroxchange import Netroxchange
from reference_server.app import application
from reference_server.core.assembly import Core, assemble
from reference_server.core.records import Member
from reference_server.core.refusals import Refusal
from reference_server.core.store import open_store
from reference_server.levers import greeting
from reference_server.web import Knock
from tests.reference_server.conftest import NAMES, Client, RecordingHub

THREADS = "/chat/get-user-threads/"
UPLOADS = "/chat/chat-attachment/"
SOCKET = "/ws/chat/room/"
PHOTO = ("my photo.JPG", b"\xff\xd8 pixels \xff\xd9\n", "image/jpeg")

Files = list[tuple[str, tuple[str, bytes, str]]]


def documents() -> Spec:
    """What netroxchange promises."""
    return load_documents("netroxchange").spec


@dataclass(frozen=True, slots=True)
class Town:
    """The server, called as one of its members. ``slips``: what it said that does not fit its documents."""

    client: Client
    api: Netroxchange
    core: Core
    hub: RecordingHub
    spec: Spec
    slips: list[str] = field(default_factory=list)

    # Who there is

    def member(self, who: str) -> Member:
        return next(each for each in self.core.members if each.username == who)

    def id(self, who: str) -> str:
        return self.member(who).uuid

    def token(self, who: str) -> str:
        return self.core.identity.token_of(self.member(who))

    # HTTP

    def call(self, who: str | None, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Status and body of the answer; a body that is no JSON comes as bytes."""
        return self.call_with(f"Bearer {self.token(who)}" if who else None, method, path, **options)

    def call_with(self, authorization: str | None, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Like ``call``, with this header or without one."""
        headers = {"Authorization": authorization} if authorization else {}
        response = self.client.request(method, path, headers=headers, **options)
        kind = response.headers.get("content-type", "")
        body = response.json() if kind == "application/json" else response.content
        found = self.spec.match(method, path)
        if found is not None:
            slips = found[0].check_response(response.status_code, kind, body if response.content else ABSENT)
            self.slips.extend(map(str, slips))
        return response.status_code, body

    def messages(self, who: str, peer: str) -> list[dict[str, Any]]:
        """The messages between the two, as ``who`` reads them."""
        status, body = self.call(who, "GET", f"/chat/messages/{self.id(peer)}/")
        assert status == 200
        return list(body["entity"]["messages"])

    def threads(self, who: str) -> list[dict[str, Any]]:
        status, body = self.call(who, "GET", THREADS)
        assert status == 200
        return list(body["entity"])

    def upload(self, who: str, peer: str, text: str = "look") -> dict[str, Any]:
        """The message that PHOTO was uploaded with."""
        data = {"receiver": self.id(peer), "message": text}
        status, body = self.call(who, "POST", UPLOADS, data=data, files=[("attached_file", PHOTO)])
        assert status == 201
        return dict(body["entity"]["message"])

    # The socket

    def knock(self, query: Mapping[str, str]) -> object:
        """Whose socket opens with this query, or the status it is refused with."""
        try:
            seat = self.api.channels()[SOCKET].admit(self._knock(query))
        except Refusal as refusal:
            return self.api.refuse(refusal).status
        return seat.member.username

    def frame(self, who: str, frame: str) -> object:
        """What ``who`` is answered to a frame: None for nothing, and the name of an exception that ends the socket."""
        channel = self.api.channels()[SOCKET]
        seat = channel.admit(self._knock({"token": self.token(who)}))

        async def hear() -> object:
            try:
                with self.core.request():
                    channel.hear(seat, frame)
            except Refusal as refusal:
                answer = channel.answer(refusal)
                self._check_frame(answer)
                return answer
            except Exception as error:
                return type(error).__name__
            return None

        return asyncio.run(hear())

    def says(self, who: str, peer: str, text: str) -> object:
        said = {"action": "chat_message", "message_body": text, "receiver_id": self.id(peer)}
        return self.frame(who, json.dumps(said))

    def announces(self, who: str, message: Mapping[str, Any], text: str = "look") -> object:
        said = {"action": "chat_message_file", "message_body": text, "chat_id": str(message["id"])}
        return self.frame(who, json.dumps(said))

    def events(self) -> list[tuple[list[str], dict[str, Any]]]:
        """Who was to hear what since this was last asked."""
        names = {each.id: each.username for each in self.core.members}
        said = [(sorted(names[each] for each in who), dict(event)) for who, event in self.hub.said]
        self.hub.said.clear()
        for _, event in said:
            self._check_frame(event)
        return said

    def heard(self) -> list[tuple[str, str]]:
        """Who was to hear which action since ``events`` or this was last asked; the names joined."""
        return [("+".join(who), str(event["action"])) for who, event in self.events()]

    def _check_frame(self, frame: object) -> None:
        self.slips.extend(map(str, self.spec.channels["chat"].check_frame(frame)))

    def _knock(self, query: Mapping[str, str]) -> Knock:
        return Knock({}, QueryParams(dict(query)), Headers(), "")


Found = Callable[..., Town]


@contextmanager
def founding() -> Iterator[Found]:
    """Gives what opens a town, with the defects that are named planted in it; all are closed at the end."""
    stores, spec = [], documents()

    def found(*ids: str) -> Town:
        chosen = defects.choose("netroxchange", ids)
        store = open_store(None, "netroxchange")
        stores.append(store)
        parts = defects.parts(chosen)
        hub: RecordingHub = type("Recording", (RecordingHub, parts.hub), {})()
        core = replace(assemble(store, NAMES, parts, Netroxchange.settings), hub=hub)
        api = defects.damaged(Netroxchange, chosen)(core)
        served = Client(application(api, greeting(api, "testserver", ids)))
        return Town(served, api, core, hub, spec)

    try:
        yield found
    finally:
        for store in stores:
            store.close()
