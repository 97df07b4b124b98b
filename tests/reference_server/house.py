"""The server of rooms without a port: called over HTTP, spoken to on its sockets, all it says held against the spec.

In paths and frames, what has a UUID is called by a name: `/rooms/{team}/`; and what the server says is shown with these names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

import httpx
from starlette.datastructures import Headers, QueryParams

from earwitness.documents import load_documents
from earwitness.spec import ABSENT, Spec
from reference_server import defects
from reference_server.apis.rooms import Rooms
from reference_server.app import application
from reference_server.core.assembly import Core, assemble
from reference_server.core.records import Member
from reference_server.core.refusals import Refusal
from reference_server.core.store import open_store
from reference_server.levers import greeting
from reference_server.web import Knock, Seat
from tests.reference_server.chat_of_two import Recorder
from tests.reference_server.conftest import Client, timeless

NAMES: Final = ("alice", "bob", "carol", "dave")
ROOM_SOCKET: Final = "/ws/chat/{room_id}/"
DIRECT_SOCKET: Final = "/ws/direct/{user_id}/"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
KEPT: Final = ("rooms", "standings", "messages", "reactions", "message_reads", "attachments", "typing")

# Who hears it, on the sockets of which room, and what.
Heard = tuple[set[str], str, Any]


@cache
def spec() -> Spec:
    return load_documents("rooms").spec


@dataclass(frozen=True, slots=True)
class House:
    """The server; an undamaged one (``sound``) says nothing that is not in the spec. ``reached``: operations and their statuses."""

    client: Client
    api: Rooms
    core: Core
    hub: Recorder
    sound: bool
    known: dict[str, str]
    reached: set[tuple[str, int]] = field(default_factory=set)

    def member(self, who: str) -> Member:
        (member,) = [each for each in self.core.members if each.username == who]
        return member

    def token(self, who: str) -> str:
        return self.core.identity.token_of(self.member(who))

    def named(self, value: Any) -> Any:
        """``value`` with UUIDs for names in braces."""
        if isinstance(value, dict):
            return {key: self.named(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.named(each) for each in value]
        return value.format_map(self.known) if isinstance(value, str) else value

    def plain(self, value: Any) -> Any:
        """``value`` with names for UUIDs, and TIME for times."""
        names = {known_as: name for name, known_as in self.known.items()}

        def shown(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: shown(each) for key, each in value.items()}
            if isinstance(value, list):
                return [shown(each) for each in value]
            return names.get(value, value) if isinstance(value, str) else value

        return shown(timeless(value))

    def ask(self, who: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        path = self.named(path)
        response = self.client.request(method, path, **{"headers": headers, **options})
        found = spec().match(method, path.partition("?")[0])
        if found is not None and self.sound:
            content_type = response.headers.get("content-type")
            body = response.json() if response.content else ABSENT
            assert found[0].check_response(response.status_code, content_type, body) == ()
            self.reached.add((found[0].id, response.status_code))
        return response

    def call(self, who: str | None, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Status and body of the answer, with names; ``path`` is what follows /api/chat, ``body`` is sent as JSON."""
        given = options if body is None else {"json": self.named(body), **options}
        response = self.ask(who, method, f"/api/chat{path}", **given)
        return response.status_code, self.plain(response.json()) if response.content else None

    def learns(self, name: str, who: str, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Like ``call``, of what creates something, which is called ``name`` from then on."""
        given = options if body is None else {"json": self.named(body), **options}
        response = self.ask(who, method, f"/api/chat{path}", **given)
        self.known[name] = response.json()["id"]
        return response.status_code, self.plain(response.json())

    def opens(self, who: str, room: str = "", peer: str = "", **knocking: Any) -> Seat:
        """A socket of that room, or to that peer. Raises the Refusal of one that is not opened."""
        headers = {"authorization": f"Bearer {self.token(who)}", "user-agent": "tests"} if who else {}
        path = {"user_id": self.known.get(peer, peer)} if peer else {"room_id": self.known.get(room, room)}
        knock = Knock(
            path,
            QueryParams(knocking.get("query", "")),
            Headers(knocking.get("headers", headers)),
            "127.0.0.1",
        )
        channel = self.api.channels()[DIRECT_SOCKET if peer else ROOM_SOCKET]
        with self.core.request():
            seat = channel.admit(knock)
        with self.core.request():
            channel.joined(seat)
        return seat

    def says(self, seat: Seat, frame: object) -> None:
        """Say it; text is said as it is. What is refused has no effect."""
        text = frame if isinstance(frame, str) else json.dumps(self.named(frame))
        with suppress(Refusal), self.core.request():
            self.api.channels()[ROOM_SOCKET].hear(seat, text)

    def closes(self, seat: Seat) -> None:
        with self.core.request():
            self.api.channels()[ROOM_SOCKET].left(seat)

    def told(self) -> list[Heard]:
        """What was told since this was last asked."""
        told = list(self.hub.told)
        self.hub.told.clear()
        if self.sound:
            for _, _, event in told:
                for channel in ("chatRoom", "directChat"):
                    assert spec().channels[channel].check_frame(event) == ()
        return [
            (
                {self.core.identity.member(each).username for each in audience},
                self.room_name(room_id),
                self.plain(event),
            )
            for audience, room_id, event in told
        ]

    def room_name(self, room_id: int | None) -> str:
        row = self.core.store.row("SELECT uuid FROM rooms WHERE id = ?", room_id)
        return str(self.plain(row["uuid"])) if row else "inbox"

    def state(self) -> list[object]:
        """All that is kept of rooms and messages, to see that something left no trace."""
        return [tuple(row) for table in KEPT for row in self.core.store.rows(f"SELECT * FROM {table}")]

    def unharmed(self, before: list[object]) -> bool:
        """Whether all is as it was, and nobody was told of anything."""
        return self.state() == before and self.told() == []

    def messages(self, who: str = "alice", room: str = "team", field: str = "id") -> list[Any]:
        """A field of the messages on the first page of a room."""
        _, page = self.call(who, "GET", f"/rooms/{{{room}}}/messages/")
        return [each[field] for each in page["results"]]

    def rooms(self, who: str, field: str = "id") -> list[Any]:
        """A field of the rooms on the first page of a member's."""
        return [each[field] for each in self.call(who, "GET", "/rooms/")[1]["results"]]

    def unread(self, who: str, room: str = "team") -> int:
        return int(self.call(who, "GET", f"/rooms/{{{room}}}/")[1]["unread_count"])

    def fills(self, room: str, count: int, who: str = "alice") -> None:
        """Say so many messages, `0` and so on, in a room."""
        with self.core.request():
            there = self.core.chat.room(self.core.chat.room_id_of_uuid(self.known[room]))
            for number in range(count):
                self.core.chat.send(self.member(who), there, str(number))


Open = Callable[..., House]


@contextmanager
def opening() -> Iterator[Open]:
    """Gives what opens a server with the defects that are named planted in it; all are closed at the end."""
    stores = []

    def open_house(*ids: str) -> House:
        chosen = defects.choose("rooms", ids)
        store = open_store(None, "rooms")
        stores.append(store)
        recorder = type("DamagedRecorder", (Recorder, defects.parts(chosen).hub), {})()
        core = replace(assemble(store, NAMES, defects.parts(chosen), Rooms.settings), hub=recorder)
        api = defects.damaged(Rooms, chosen)(core)
        served = application(api, greeting(api, "testserver", ids))
        known = {each.username: each.uuid for each in core.members}
        return House(Client(served), api, core, recorder, not ids, known)

    try:
        yield open_house
    finally:
        for store in stores:
            store.close()


def furnish(house: House) -> House:
    """Rooms, and what was said in them, in this order.

    pair: alice asked bob; psst by alice. team: a group of alice's with bob and carol; hello by alice, answer by bob.
    square: public, alice's, with nobody else; notice by alice. theirs: a group of carol's with dave; secret by carol.
    """
    with house.core.request():
        chat, (alice, bob, carol, dave) = house.core.chat, house.core.members
        rooms = {
            "pair": chat.start_direct(alice, bob, None)[0],
            "team": chat.start_room(alice, "group", [bob, carol], "Team"),
            "square": chat.start_room(alice, "public", [], "Market Square"),
            "theirs": chat.start_room(carol, "group", [dave], "Theirs"),
        }
        said = {
            "psst": chat.send(alice, rooms["pair"], "Psst!"),
            "hello": chat.send(alice, rooms["team"], "Hello everyone!"),
            "answer": chat.send(bob, rooms["team"], "Hello Alice!"),
            "notice": chat.send(alice, rooms["square"], "Market day"),
            "secret": chat.send(carol, rooms["theirs"], "A secret"),
        }
    house.known.update({name: room.uuid for name, room in rooms.items()})
    house.known.update({name: message.uuid for name, message in said.items()})
    return house


def user(who: str) -> Any:
    """A user, as an answer shows one."""
    return {**user_in_frame(who), "profile_picture": None, "clerk_profile_image_url": None}


def user_in_frame(who: str) -> Any:
    display_name = f"{who.capitalize()} Example"
    return {"id": who, "email": f"{who}@example.test", "display_name": display_name}


def message(name: str, sender: str, content: str, room: str = "team", **changed: object) -> Any:
    """A message, as an answer shows one."""
    return {
        "id": name,
        "room": room,
        "sender": user(sender),
        "content": content,
        "message_type": "text",
        "file_attachment": None,
        "file_name": None,
        "file_size": None,
        "timestamp": "TIME",
        "edited_at": None,
        "is_deleted": False,
        "reply_to": None,
        "reactions": {},
        "read_by": [],
        "is_edited": False,
        **changed,
    }


def heard_message(name: str, sender: str, content: str, **changed: object) -> Mapping[str, Any]:
    """The frame that tells of a message."""
    return {
        "type": "message",
        "message": {
            "id": name,
            "content": content,
            "sender": user_in_frame(sender),
            "timestamp": "TIME",
            "message_type": "text",
            "reply_to": None,
            "reactions": {},
            **changed,
        },
    }


def about(kind: str, who: str, **more: object) -> Mapping[str, Any]:
    """The frame that tells of somebody who types, comes or goes."""
    return {"type": kind, "user": f"{who}@example.test", "user_id": who, **more}


def last(name: str, sender: str, content: str) -> Any:
    return {"id": name, "content": content, "sender": user(sender), "timestamp": "TIME"}


def room(known_as: str, kind: str, participants: tuple[str, ...], **changed: object) -> Any:
    return {
        "id": known_as,
        "name": None,
        "room_type": kind,
        "participants": [user(each) for each in participants],
        "created_by": user(participants[0]),
        "created_at": "TIME",
        "updated_at": "TIME",
        "is_active": True,
        "last_message": None,
        "unread_count": 0,
        "other_user": None,
        **changed,
    }


PAIR = room("pair", "direct", ("alice", "bob"), last_message=last("psst", "alice", "Psst!"))
TALKED = room(
    "team",
    "group",
    ("alice", "bob", "carol"),
    name="Team",
    last_message=last("answer", "bob", "Hello Alice!"),
)
SQUARE = room(
    "square",
    "public",
    ("alice",),
    name="Market Square",
    last_message=last("notice", "alice", "Market day"),
)
