"""A saga: a history of Rooms, made up entry by entry without any I/O, in the shapes that its documents give.

Rooms and messages are called by small numbers, and shown by the UUIDs that these make. What is said here keeps the documents
unless a saga says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from earwitness.documents import Documents, load_documents
from earwitness.history import ClockMoved, Json, SocketOpened, SocketOpening, SocketRefused
from tests.tale import IDS, Tale, Told

DAY_S = 86_400
_STAMP = "2025-10-02T14:30:00Z"

Object = dict[str, Any]


@cache
def rooms() -> Documents:
    """The documents of Rooms, as we read them."""
    return load_documents("rooms")


def member_id(name: str) -> str:
    return str(UUID(int=IDS[name]))


def room_id(number: int) -> str:
    return str(UUID(int=1000 + number))


def message_id(number: int) -> str:
    return str(UUID(int=100_000 + number))


def user(name: str) -> Object:
    return {
        "id": member_id(name), "email": f"{name}@example.com", "display_name": name.title(), "profile_picture": None,
        "clerk_profile_image_url": None,
    }  # fmt: skip


def room(number: int, *members: str, kind: str = "group", **more: Any) -> Object:
    """A room as an answer shows it; the first of its members has created it."""
    shown: Object = {
        "id": room_id(number), "name": None if kind == "direct" else f"Room {number}", "room_type": kind,
        "participants": [user(one) for one in members], "created_by": user(members[0]), "created_at": _STAMP,
        "updated_at": _STAMP, "is_active": True, "last_message": None, "unread_count": 0, "other_user": None,
    }  # fmt: skip
    return shown | more


def message(number: int, author: str, text: str, *, place: int = 5, **more: Any) -> Object:
    """A message as an answer shows it, in the room ``place``."""
    shown: Object = {
        "id": message_id(number), "room": room_id(place), "sender": user(author), "content": text, "message_type": "text",
        "file_attachment": None, "file_name": None, "file_size": None, "timestamp": _STAMP, "edited_at": None,
        "is_deleted": False, "reply_to": None, "reactions": {}, "read_by": [], "is_edited": False,
    }  # fmt: skip
    return shown | more


def edited(number: int, author: str, text: str, **more: Any) -> Object:
    changed: Object = {"edited_at": _STAMP, "is_edited": True}
    return message(number, author, text, **(changed | more))


def session(number: int) -> Object:
    return {
        "session_id": str(UUID(int=9000 + number)), "session_type": "web", "is_active": True, "last_ping": _STAMP,
        "connected_at": _STAMP, "user_agent": None, "ip_address": None,
    }  # fmt: skip


class Saga(Tale):
    """A history of Rooms that is being made up."""

    api = "rooms"

    def documents(self) -> Documents:
        return rooms()

    def attributes(self, name: str, elsewhere: bool) -> dict[str, Json]:
        return {"id": member_id(name), "email": f"{name}@example.com"}

    # -- hands

    def founded(self, number: int, kind: str, *members: str, **more: Any) -> Told:
        """A room of ``kind`` that the first of its members creates."""
        body: Json = {
            "name": f"Room {number}",
            "room_type": kind,
            "participant_ids": [member_id(one) for one in members[1:]],
        }
        shown = room(number, *members, kind=kind, **more)
        return self.asks(members[0], "createRoom", 201, shown, verb="start-group", body=body)

    def met(self, number: int, member: str, peer: str, status: int = 201, **more: Any) -> Told:
        """A direct room of two that ``member`` asks for."""
        shown = room(number, member, peer, kind="direct", **({"other_user": user(peer)} | more))
        body: Json = {"user_id": member_id(peer)}
        return self.asks(member, "directMessage", status, shown, verb="open-direct", body=body)

    def acts(
        self, member: str, operation: str, verb: str, status: int = 200, answer: Json = None, *, place: int = 5,
        about: int = 0, body: Json = None, query: Mapping[str, object] | None = None,
    ) -> Told:  # fmt: skip
        """A request about a room, and about a message there; refused ones say no more."""
        path = {"room_id": room_id(place), "message_id": message_id(about)}
        refused: Json = {"detail": "no"}
        shown = answer if 200 <= status < 300 else refused
        return self.asks(member, operation, status, shown, verb=verb, body=body, query=query, **path)

    def sends(
        self, member: str, text: str, number: int, place: int = 5, status: int = 201, **more: Any
    ) -> Told:
        """A text by HTTP; ``reply_to`` is the number of the message that is answered."""
        answered = more.pop("reply_to", 0)
        body: dict[str, Json] = {"content": text}
        if answered:
            body["reply_to"] = more["reply_to"] = message_id(answered)
        shown = message(number, member, text, place=place, **more)
        verb = "reply" if answered else "send-text"
        return self.acts(member, "sendMessage", verb, status, shown, place=place, body=body)

    def reacts(
        self, member: str, number: int, emoji: str, shown: Object, status: int = 200, *, back: bool = False,
        place: int = 5,
    ) -> Told:  # fmt: skip
        """A reaction is given, or taken ``back``, and answered by all that are in force."""
        body: Json = {"emoji": emoji, "action": "remove" if back else "add"}
        said = f"Reaction {'removed' if back else 'added'}"
        answer: Json = {"reactions": shown, "message": said}
        verb = "unreact" if back else "react"
        return self.acts(member, "reactToMessage", verb, status, answer, about=number, body=body, place=place)

    def edits(self, member: str, number: int, text: str, shown: Object) -> Told:
        body: Json = {"content": text}
        return self.acts(member, "editMessage", "edit-message", 200, shown, about=number, body=body)

    def deletes(self, member: str, number: int) -> Told:
        return self.acts(member, "deleteMessage", "delete-message", 204, None, about=number)

    def reads(
        self, member: str, number: int, already: bool = False, status: int = 200, place: int = 5
    ) -> Told:
        answer: Json = {"status": "marked as read", "was_already_read": already}
        return self.acts(
            member, "markMessageRead", "mark-message-read", status, answer, about=number, place=place
        )

    def reads_all(self, member: str, count: int, place: int = 5) -> Told:
        answer: Json = {"status": "marked as read", "count": count}
        return self.acts(member, "markRoomRead", "mark-room-read", 200, answer, place=place)

    def leaves(self, member: str, place: int = 5) -> Told:
        return self.acts(member, "leaveRoom", "leave", 200, {"status": "left room"}, place=place)

    def lists_messages(self, member: str, *shown: Object, status: int = 200, place: int = 5) -> Told:
        answer: Json = {"count": len(shown), "next": None, "previous": None, "results": list(shown)}
        return self.acts(member, "listMessages", "list-messages", status, answer, place=place)

    def lists_rooms(self, member: str, *shown: Object) -> Told:
        answer: Json = {"count": len(shown), "next": None, "previous": None, "results": list(shown)}
        return self.asks(member, "listRooms", 200, answer, verb="list-rooms")

    def looks_at(self, member: str, shown: Object, status: int = 200, place: int = 5) -> Told:
        return self.acts(member, "getRoom", "read-room", status, shown, place=place)

    def searches(self, member: str, what: str, words: str, *shown: Object) -> Told:
        """A search for ``messages`` or ``rooms``."""
        operation = f"search{what.title()}"
        return self.asks(member, operation, 200, list(shown), verb=f"search-{what}", query={"q": words})

    def lists_sessions(self, member: str, *shown: int) -> Told:
        return self.asks(
            member, "listActiveSessions", 200, [session(one) for one in shown], verb="list-sessions"
        )

    def cleans_up(self, member: str, count: int) -> Told:
        answer: Json = {"status": "cleanup completed", "deleted_sessions": count}
        return self.asks(member, "cleanupOldSessions", 200, answer, verb="clean-sessions")

    def moves_the_clock(self, seconds: int) -> int:
        return self.add(ClockMoved(seconds=seconds))

    # -- ears

    def is_opening(self, member: str, place: int | str, name: str = "") -> str:
        """A socket of a room by its number, or of a direct room by the other one's name; what it is called."""
        peer = isinstance(place, str)
        called = name or f"{member}-{place}"
        where = f"direct/{member_id(str(place))}" if peer else f"chat/{room_id(int(place))}"
        self.add(
            SocketOpening(
                socket=called,
                member=member,
                name="direct" if peer else "room",
                channel="directChat" if peer else "chatRoom",
                url=f"ws://told.test/ws/{where}/",
                room="" if peer else room_id(int(place)),
            )
        )
        return called

    def listens(self, member: str, place: int | str, name: str = "", refused: int = 0) -> str:
        """A socket opens, or is refused with a status."""
        called = self.is_opening(member, place, name)
        self.add(SocketRefused(socket=called, status=refused) if refused else SocketOpened(socket=called))
        return called

    def hears_message(self, socket: str, number: int, author: str, text: str, place: int = 5) -> int:
        shown = message(number, author, text, place=place)
        return self.hears(socket, type="message", message=shown)

    def hears_of(self, socket: str, event: str, member: str, **more: Json) -> int:
        """``user_joined``, ``user_left`` or ``typing``, of a member."""
        named: dict[str, Json] = {"user": f"{member}@example.com", "user_id": member_id(member)}
        return self.hears(socket, type=event, **named, **more)
