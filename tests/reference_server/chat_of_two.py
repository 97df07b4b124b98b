"""The server of conversations without a port: called over HTTP, spoken to on its sockets, all it says held against the spec."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

import httpx
from starlette.datastructures import Headers, QueryParams

from earwitness.documents import load_documents
from earwitness.spec import ABSENT, Spec
from reference_server import defects
from reference_server.apis.conversations import Conversations
from reference_server.app import application
from reference_server.core.assembly import Core, assemble
from reference_server.core.hub import Hub
from reference_server.core.refusals import Refusal
from reference_server.core.store import open_store
from reference_server.levers import greeting
from reference_server.web import Channel, Knock, Seat
from tests.reference_server.conftest import NAMES, Client

ALICE, BOB, CAROL = 1, 2, 3
CHAT: Final = "/api/chat"
SOCKET: Final = "/ws/chat/{conversation_id}/"

# Who hears it, on the sockets of which conversation, and what.
Told = tuple[tuple[int, ...], int | None, Mapping[str, Any]]


class Recorder(Hub):
    """Remembers who was to hear what, and where."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []

    def release(self) -> None:
        self.told += [(audience, room, event) for audience, event, room in self._held]
        super().release()


@cache
def spec() -> Spec:
    return load_documents("conversations").spec


@dataclass(frozen=True, slots=True)
class Chat:
    """The server; an undamaged one (``sound``) says nothing that is not in the spec. ``reached``: operations and their statuses."""

    client: Client
    api: Conversations
    core: Core
    hub: Recorder
    sound: bool
    reached: set[tuple[str, int]] = field(default_factory=set)

    def token(self, who: str) -> str:
        (member,) = [each for each in self.core.members if each.username == who]
        return self.core.identity.token_of(member)

    def ask(self, who: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        response = self.client.request(method, path, **{"headers": headers, **options})
        found = spec().match(method, path.partition("?")[0])
        if found is not None and self.sound:
            content_type = response.headers.get("content-type")
            body = response.json() if response.content else ABSENT
            # A method that the document does not have is no operation, and 413 is the frame's.
            assert found[0].check_response(response.status_code, content_type, body) == ()
            self.reached.add((found[0].id, response.status_code))
        return response

    def call(self, who: str | None, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Status and body of the answer; ``path`` is what follows /api/chat, ``body`` is sent as JSON."""
        given = options if body is None else {"json": body, **options}
        response = self.ask(who, method, CHAT + path, **given)
        return response.status_code, response.json() if response.content else None

    def send(self, who: str | None, text: str | None, room: object = 1, file: Any = None) -> Any:
        """Status and body of what sending a form with these parts is answered."""
        parts: dict[str, Any] = {} if text is None else {"content": (None, text)}
        if file is not None:
            parts["attachment"] = file
        # A form needs a part, so that it is one.
        return self.call(
            who, "POST", f"/conversations/{room}/send_message/", files=parts or {"other": (None, "")}
        )

    def start(self, who: str, peer: int) -> Any:
        return self.call(who, "POST", "/conversations/start/", {"user2": peer})

    @property
    def channel(self) -> Channel:
        return self.api.channels()[SOCKET]

    def knock(self, token: str | None, room: object = 1) -> Seat:
        """Raises the Refusal of a socket that is not opened."""
        query = QueryParams("" if token is None else {"token": token})
        with self.core.request():
            return self.channel.admit(Knock({"conversation_id": str(room)}, query, Headers(), "127.0.0.1"))

    def speak(self, who: str, frame: object, room: int = 1) -> Mapping[str, object] | None:
        """What the socket that says the frame is answered; text is said as it is."""
        seat = self.knock(self.token(who), room)
        try:
            with self.core.request():
                self.channel.hear(seat, frame if isinstance(frame, str) else json.dumps(frame))
        except Refusal as refusal:
            answer = self.channel.answer(refusal)
            if self.sound:
                assert spec().channels["chat"].check_frame(answer) == ()
            return answer
        return None

    def told(self) -> list[Told]:
        """What was told since this was last asked."""
        told = list(self.hub.told)
        self.hub.told.clear()
        if self.sound:
            for _, _, event in told:
                assert spec().channels["chat"].check_frame(event) == ()
        return told

    def messages(self, who: str = "alice", room: int = 1) -> list[Any]:
        """The first page of a conversation."""
        _, page = self.call(who, "GET", f"/conversations/{room}/messages/")
        return list(page["results"])


Open = Callable[..., Chat]


@contextmanager
def opening() -> Iterator[Open]:
    """Gives what opens a server with the defects that are named planted in it; all are closed at the end."""
    stores = []

    def open_chat(*ids: str) -> Chat:
        chosen = defects.choose("conversations", ids)
        store = open_store(None, "conversations")
        stores.append(store)
        hub = defects.parts(chosen).hub
        recorder = type("DamagedRecorder", (Recorder, hub), {})()
        core = replace(
            assemble(store, NAMES, defects.parts(chosen), Conversations.settings),
            hub=recorder,
        )
        api = defects.damaged(Conversations, chosen)(core)
        served = application(api, greeting(api, "testserver", ids))
        return Chat(Client(served), api, core, recorder, sound=not ids)

    try:
        yield open_chat
    finally:
        for store in stores:
            store.close()


def talk(chat: Chat) -> Chat:
    """Conversation 1 of alice and bob: alice has sent message 1, bob message 2. Conversation 2 of carol and alice: message 3, by carol."""
    chat.start("alice", BOB)
    chat.start("carol", ALICE)
    for who, text, room in (("alice", "Hello!", 1), ("bob", "Hi there!", 1), ("carol", "Psst", 2)):
        chat.send(who, text, room)
    chat.told()
    return chat
