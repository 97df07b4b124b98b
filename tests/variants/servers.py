"""Back ends that keep every promise of FE-16OPS and decide otherwise whatever the document leaves open."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import Any, ClassVar

from starlette.requests import ClientDisconnect, Request

from reference_server import serving
from reference_server.apis.fe16ops import PAGE_SIZE, Fe16ops
from reference_server.app import HttpDoor, application
from reference_server.core.assembly import UNDAMAGED, Parts, assemble
from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Page, Read, Room, RoomSummary
from reference_server.core.refusals import Invalid, Refusal
from reference_server.core.store import open_store
from reference_server.levers import greeting
from reference_server.web import Answer, Call, Operation


class OtherShapes(Fe16ops):
    """Other statuses, other error bodies, other reaction and receipt objects, nothing but what the samples show, and no NUL."""

    def refuse(self, refusal: Refusal) -> Answer:
        answer = super().refuse(refusal)
        return Answer(answer.status, {"detail": "no", "code": "refused"}, answer.headers)

    def send_message(self, call: Call) -> Answer:
        self.look_for_nul(call)
        answer = super().send_message(call)
        return Answer(200, self.bare(answer.body), answer.headers)

    def start_conversation(self, call: Call) -> Answer:
        answer = super().start_conversation(call)
        return Answer(200, answer.body, answer.headers)

    def get_conversation(self, call: Call) -> Answer:
        answer = super().get_conversation(call)
        return Answer(answer.status, self.bare(answer.body), answer.headers)

    def edit_message(self, call: Call) -> Answer:
        self.look_for_nul(call)
        answer = super().edit_message(call)
        return Answer(answer.status, self.bare(answer.body), answer.headers)

    def delete_message(self, call: Call) -> Answer:
        super().delete_message(call)
        return Answer(204)

    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        super().announce(kind, room, actor, **{name: self.bare(value) for name, value in payload.items()})

    def look_for_nul(self, call: Call) -> None:
        """Raise Invalid for what a text of PostgreSQL cannot hold."""
        if "\0" in str(call.json().values.get("content", "")):
            raise Invalid("content: NUL is no character")

    def bare(self, value: Any) -> Any:
        """``value`` without what the document does not show, and with reactions and receipts of another shape."""
        if isinstance(value, list):
            return [self.bare(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        if "reacted" in value and "user" in value:
            return {"emoji": value["reaction_type"], "by": value["user"]["id"], "on": value["message_id"]}
        if "read_at" in value:
            return {"reader": value["user"]["id"], "last_read": value["message_id"]}
        left_out = ("conversation_id", "is_deleted")
        return {name: self.bare(each) for name, each in value.items() if name not in left_out}


class Talkative(Fe16ops):
    """Whoever acts hears it too on every device, and everything has fields that nobody asked for."""

    def actor_hears(self, kind: str) -> bool:
        return True

    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        super().announce(kind, room, actor, **payload, v=2, trace={"id": "abc"})

    def announce_message(self, room: Room, message: Message) -> None:
        super().announce_message(room, message)

    def list_conversations(self, call: Call) -> Answer:
        answer = super().list_conversations(call)
        body = json.loads(json.dumps(answer.body))
        for conversation in body["conversations"]:
            conversation |= {"muted": False, "peer": {"online": True}}
        return Answer(answer.status, body, {**answer.headers, "X-Request-Id": "1"})


class LooseChat(Chat):
    """What was deleted waits to be read until the room is marked, and behind the last page are empty ones."""

    def page(self, room: Room, number: int, size: int) -> Page:
        return Page(self.slice(room, size, (number - 1) * size), self.count(room))

    def read_all(self, member: Member, room: Room) -> list[Read]:
        reads = super().read_all(member, room)
        self._store.run(
            f"INSERT INTO message_reads (message_id, member_id, read_at) SELECT m.id, ?, ? {_WAITING}",
            *(member.id, self._clock.stamp(), room.id, member.id, member.id),
        )
        return reads

    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        unread = f"SELECT count(*) {_WAITING}"
        return [
            replace(each, unread=self._store.number(unread, each.room.id, member.id, member.id))
            for each in super()._summaries(member, ids, value)
        ]


_WAITING = """FROM messages m WHERE room_id = ? AND sender_id <> ?
    AND NOT EXISTS (SELECT 1 FROM message_reads WHERE message_id = m.id AND member_id = ?)"""


class Loose(Fe16ops):
    """Names a next page behind every full one, and counts what was deleted among what is unread."""

    parts: ClassVar[Parts] = Parts(chat=LooseChat)

    def is_followed(self, number: int, count: int) -> bool:
        return number * PAGE_SIZE <= count and count > 0


class ImpatientDoor(HttpDoor):
    """Does nothing for those who are gone before their turn."""

    async def perform(self, operation: Operation, call: Call, request: Request) -> Answer:
        if request.method == "POST":
            with suppress(TimeoutError):
                await asyncio.wait_for(request.receive(), 0.02)
                raise ClientDisconnect
        return await super().perform(operation, call, request)


class Impatient(Fe16ops):
    """Takes its time, and does nothing for whoever does not wait for the answer."""

    door: ClassVar[type[HttpDoor]] = ImpatientDoor


@contextmanager
def running(api: type[Fe16ops]) -> Iterator[Mapping[str, Any]]:
    """Serve ``api`` on a port of its own for as long as the context lasts; gives its greeting."""
    greetings: list[Mapping[str, Any]] = []
    up = threading.Event()
    servers: list[serving.AnnouncedServer] = []

    def serve() -> None:
        # SQLite wants to be used by the thread that opened it.
        with closing(serving.listen("127.0.0.1", 0)) as door, closing(open_store(None, "fe16ops")) as store:
            parts = getattr(api, "parts", UNDAMAGED)
            served = api(assemble(store, ("alice", "bob", "carol"), parts))
            host, port = door.getsockname()
            greetings.append(greeting(served, f"{host}:{port}", []))
            servers.append(
                serving.server(application(served, greetings[0], getattr(api, "door", HttpDoor)), up.set)
            )
            servers[0].run(sockets=[door])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert up.wait(20), "the variant did not come up"
    try:
        yield greetings[0]
    finally:
        servers[0].should_exit = True
        thread.join(10)
