"""Rooms: direct, group, project and public rooms with UUIDs, JWTs, a socket for each room, presence, search and sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, Final

from starlette.datastructures import Headers

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis._rooms_live import Live
from reference_server.apis._shared import file_of, headers_of, page_of, saying
from reference_server.core.messages import cut
from reference_server.core.records import Draft, Member, Message, Room, RoomSummary
from reference_server.core.refusals import (
    Absent,
    Anonymous,
    Invalid,
    NotAnAdmin,
    NotTheSender,
    Outsider,
    Refusal,
    TooLarge,
    WrongMethod,
)
from reference_server.core.rooms import DIRECT
from reference_server.core.settings import Settings
from reference_server.web import MIB, Answer, Call, Operation, token_in_header

CHAT: Final = "/api/chat"
PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 100
MOST_FOUND: Final = 50
# What is created by naming who is in it; a direct room has an operation of its own.
CREATED: Final = ("group", "project", "public")
SENT: Final = ("text", "image", "file")
REACTED: Final = {"add": "Reaction added", "remove": "Reaction removed"}
LONGEST_EMOJI: Final = 64
STATUS: Final[Mapping[type[Refusal], int]] = {
    Anonymous: 401,
    Absent: 404,
    shapes.NoSuchUser: 404,
    shapes.NoSuchPage: 404,
    Outsider: 403,
    NotTheSender: 403,
    NotAnAdmin: 403,
    Invalid: 400,
    TooLarge: 413,
    WrongMethod: 405,
}
# Where one sentence says all there is to say; else the refusal's reason is told.
DETAIL: Final[Mapping[type[Refusal], str]] = {
    Absent: "Not found.",
    Outsider: "You don't have access to this room",
    NotTheSender: "You can only change your own messages",
}


class Rooms(Live):
    """The nineteen operations, the files and the two sockets. A defect overrides one of these methods."""

    name: ClassVar[str] = "rooms"
    settings: ClassVar[Settings] = Settings(oldest_first=True, jwt=True)

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        rooms = f"{CHAT}/rooms/"
        room = f"{rooms}{{room_id}}/"
        message = f"{room}messages/{{message_id}}/"
        return {
            rooms: {"GET": Operation(self.list_rooms), "POST": Operation(self.create_room)},
            # Before the rooms: it would be taken for an id.
            f"{rooms}direct_message/": {"POST": Operation(self.direct_message)},
            room: {
                "GET": Operation(self.get_room),
                "PATCH": Operation(self.update_room),
                "DELETE": Operation(self.delete_room),
            },
            f"{room}mark_read/": {"POST": Operation(self.mark_room_read)},
            f"{room}typing_users/": {"GET": Operation(self.list_typing_users)},
            f"{room}leave/": {"POST": Operation(self.leave_room)},
            f"{room}messages/": {
                "GET": Operation(self.list_messages),
                "POST": Operation(self.send_message, limit=16 * MIB),
            },
            message: {"PATCH": Operation(self.edit_message), "DELETE": Operation(self.delete_message)},
            f"{message}react/": {"POST": Operation(self.react)},
            f"{message}mark_read/": {"POST": Operation(self.mark_message_read)},
            f"{CHAT}/search/messages/": {"GET": Operation(self.search_messages)},
            f"{CHAT}/search/rooms/": {"GET": Operation(self.search_rooms)},
            f"{CHAT}/sessions/active_sessions/": {"GET": Operation(self.list_active_sessions)},
            f"{CHAT}/sessions/cleanup_old_sessions/": {"POST": Operation(self.cleanup_old_sessions)},
            "/media/chat/{file}/": {"GET": Operation(self.get_file)},
        }

    # Who it is, and how it is refused

    def authenticate(self, headers: Headers) -> Member:
        return self.core.identity.bearer(token_in_header(headers, "Bearer"))

    def refuse(self, refusal: Refusal) -> Answer:
        key = "error" if isinstance(refusal, Invalid) else "detail"
        reason = DETAIL.get(type(refusal), refusal.reason)
        return Answer(STATUS[type(refusal)], {key: reason}, headers_of(refusal))

    def attributes(self, member: Member) -> Mapping[str, object]:
        return {"id": member.uuid, "email": member.email}

    # What a path addresses, for who has the right to it

    def room(self, call: Call, right: Callable[[Member, int], Room]) -> Room:
        """The room in the path. Raises Absent, and what ``right`` raises."""
        return right(call.member, self.core.chat.room_id_of_uuid(call.uuid("room_id")))

    def message(self, call: Call, right: Callable[[Member, int], Message]) -> Message:
        """The message in the path, which has to be of the room in the path. Raises Absent, and what ``right`` raises."""
        room = self.core.chat.room(self.core.chat.room_id_of_uuid(call.uuid("room_id")))
        message_id = self.core.chat.message_id_of_uuid(call.uuid("message_id"))
        return right(call.member, self.core.chat.message_in(room, message_id).id)

    # Rooms

    def list_rooms(self, call: Call) -> Answer:
        found = self.core.chat.rooms_of(call.member)
        with turning_pages():
            number, size = call.page(), self.page_size(call)
            some = cut(found, number, size)
        shown = [self.show_room(call.member, each) for each in some]
        return Answer(200, self.page(call, f"{CHAT}/rooms/", number, size, len(found), shown))

    def page(
        self, call: Call, path: str, number: int, size: int, count: int, shown: Sequence[object]
    ) -> dict[str, object]:
        """One page of rooms or of messages."""
        return page_of(call, path, number, size, count, shown)

    def page_size(self, call: Call) -> int:
        return call.page_size(PAGE_SIZE, LARGEST_PAGE)

    def create_room(self, call: Call) -> Answer:
        body = call.json()
        name, kind = shapes.name_of(body), body.one_of("room_type", CREATED)
        others = [self.user(each) for each in shapes.ids_of(body, "participant_ids")]
        return Answer(201, self.show(call.member, self.core.chat.start_room(call.member, kind, others, name)))

    def direct_message(self, call: Call) -> Answer:
        room, created = self.direct_room(call.member, self.user(call.json().uuid("user_id")))
        return Answer(201 if created else 200, self.show(call.member, room))

    def get_room(self, call: Call) -> Answer:
        return Answer(200, self.show(call.member, self.room(call, self.core.chat.readable_room)))

    def update_room(self, call: Call) -> Answer:
        room, body = self.room(call, self.core.chat.owned_room), call.json()
        if "name" in body.values:
            room = self.core.chat.rename(room, shapes.name_of(body))
        return Answer(200, self.show(call.member, room))

    def delete_room(self, call: Call) -> Answer:
        self.core.chat.delete_room(self.room(call, self.core.chat.owned_room))
        return Answer(204)

    def mark_room_read(self, call: Call) -> Answer:
        room = self.room(call, self.core.chat.markable_room)
        return Answer(200, {"status": "marked as read", "count": self.mark_all(call.member, room)})

    def mark_all(self, member: Member, room: Room) -> int:
        """The room is read; returns how many messages that made read."""
        return len(self.core.chat.read_all(member, room))

    def list_typing_users(self, call: Call) -> Answer:
        room = self.room(call, self.core.chat.readable_room)
        return Answer(200, [shapes.typist(each, room.uuid) for each in self.core.chat.typists(room)])

    def leave_room(self, call: Call) -> Answer:
        room = self.room(call, self.core.chat.room_for)
        with saying(Invalid, "Cannot leave direct message rooms"):
            self.core.chat.leave(call.member, room)
        return Answer(200, {"status": "left room"})

    # Messages

    def list_messages(self, call: Call) -> Answer:
        room = self.room(call, self.core.chat.readable_room)
        with turning_pages():
            number, size = call.page(), self.page_size(call)
            page = self.core.chat.page(room, number, size)
        shown = [shapes.message(each) for each in page.messages]
        path = f"{CHAT}/rooms/{room.uuid}/messages/"
        return Answer(200, self.page(call, path, number, size, page.count, shown))

    def send_message(self, call: Call) -> Answer:
        room, body = self.room(call, self.core.chat.writable_room), call.fields()
        uploads = shapes.uploads_of(body)
        content = (body.optional_text("content") or "") if uploads else body.text("content")
        kind, reply_to = body.choice("message_type", SENT), body.optional_uuid("reply_to")
        draft = Draft(content, kind, self.answered(room, reply_to), uploads)
        return Answer(201, shapes.message(self.post(call.member, room, draft)))

    def edit_message(self, call: Call) -> Answer:
        message = self.message(call, self.core.chat.editable_message)
        return Answer(200, shapes.message(self.core.chat.edit(message, call.json().text("content"))))

    def delete_message(self, call: Call) -> Answer:
        self.core.chat.delete(self.message(call, self.core.chat.deletable_message))
        return Answer(204)

    def react(self, call: Call) -> Answer:
        message, body = self.reacted_message(call), call.json()
        emoji, action = body.text("emoji", LONGEST_EMOJI), body.one_of("action", tuple(REACTED))
        if action == "add":
            self.core.chat.add_reaction(call.member, message, emoji)
        else:
            self.core.chat.remove_reactions(call.member, message, emoji)
        return Answer(200, {"reactions": self.reactions_now(message), "message": REACTED[action]})

    def reacted_message(self, call: Call) -> Message:
        return self.message(call, self.core.chat.reactable_message)

    def reactions_now(self, message: Message) -> Mapping[str, object]:
        room = self.core.chat.room(message.room_id)
        return shapes.reactions(self.core.chat.message_in(room, message.id))

    def mark_message_read(self, call: Call) -> Answer:
        message = self.message(call, self.core.chat.markable_message)
        return Answer(200, self.marked(new=self.core.chat.read_one(call.member, message) is not None))

    def marked(self, *, new: bool) -> Mapping[str, object]:
        return {"status": "marked as read", "was_already_read": not new}

    def get_file(self, call: Call) -> Answer:
        """The file of a message: the document has no operation for it, but an address has to lead somewhere."""
        return file_of(self.core, self.core.chat.attachment_for(call.member, call.uuid("file")))

    # Search

    def search_messages(self, call: Call) -> Answer:
        found = self.core.chat.search_messages(call.member, self.words(call), self.most_found())
        return Answer(200, [shapes.message(each) for each in found])

    def most_found(self) -> int:
        return MOST_FOUND

    def search_rooms(self, call: Call) -> Answer:
        found = self.core.chat.search_rooms(call.member, self.words(call))
        return Answer(200, [self.show_room(call.member, each) for each in found])

    def words(self, call: Call) -> str:
        """What to look for. Raises Invalid."""
        given = call.parameters.getlist("q")
        if len(given) != 1 or not given[0]:
            raise Invalid("Search query is required")
        return given[0]

    # Sessions

    def list_active_sessions(self, call: Call) -> Answer:
        return Answer(200, [shapes.session(each) for each in self.core.chat.active_sessions(call.member)])

    def cleanup_old_sessions(self, call: Call) -> Answer:
        deleted = self.core.chat.clean_sessions(call.member)
        return Answer(200, {"status": "cleanup completed", "deleted_sessions": deleted})

    # How rooms look

    def show(self, member: Member, room: Room) -> dict[str, object]:
        return self.show_room(member, self.core.chat.summary(member, room))

    def show_room(self, member: Member, summary: RoomSummary) -> dict[str, object]:
        """A room as ``member`` finds it."""
        room, last = summary.room, summary.last
        return {
            "id": room.uuid,
            "name": room.name,
            "room_type": room.kind,
            "participants": [shapes.user(each) for each in room.members],
            "created_by": shapes.user(self.core.identity.member(room.creator_id)),
            "created_at": room.created_at,
            "updated_at": room.updated_at,
            "is_active": True,
            "last_message": last and shapes.last_message(last, self.core.identity.member(last.sender_id)),
            "unread_count": summary.unread,
            "other_user": shapes.user(self.other_user(member, room)) if room.kind == DIRECT else None,
        }

    def other_user(self, member: Member, room: Room) -> Member:
        """Whom a direct room is with, for one of the two. Nobody is alone in one; if somebody were, they would be shown themselves."""
        return next(iter(room.others(member)), member)


API = Rooms


@contextmanager
def turning_pages() -> Iterator[None]:
    """Say of a page that it is not there."""
    try:
        yield
    except Absent:
        raise shapes.NoSuchPage("Invalid page.") from None
