"""The sockets of Connectify: who may open one, what is said on it, and who hears what is said in its room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis import Api
from reference_server.apis import _connectify_shapes as shapes
from reference_server.apis._connectify_shapes import optional_id_of
from reference_server.apis._shared import room_of, saying
from reference_server.core.records import Draft, Member, Message, Room, Upload
from reference_server.core.refusals import Outsider
from reference_server.core.rooms import DIRECT
from reference_server.fields import Fields, parse_object
from reference_server.web import Channel, Knock, Seat, token_in_query

GROUP: Final = "group"
# By kind of room: its id in a path, and what an outsider is told.
ROOM_ID: Final = {DIRECT: "conversation_id", GROUP: "group_chat_id"}
OUTSIDE: Final = {
    DIRECT: "You are not a participant of this conversation",
    GROUP: "You are not a member of this group chat",
}


class Live(Api):
    """What is live in the API; HTTP is in `connectify.py`."""

    def channels(self) -> Mapping[str, Channel]:
        return {
            "/ws/messaging/conversations/{conversation_id}/": Channel(self.admit_to_conversation, self.hear),
            "/ws/messaging/group-chats/{group_chat_id}/": Channel(self.admit_to_group, self.hear),
        }

    def admit_to_conversation(self, knock: Knock) -> Seat:
        return self.admit(knock, DIRECT)

    def admit_to_group(self, knock: Knock) -> Seat:
        return self.admit(knock, GROUP)

    def admit(self, knock: Knock, kind: str) -> Seat:
        member = self.core.identity.bearer(token_in_query(knock.query))
        return knock.seat(member, self.audible_room(member, kind, knock.id(ROOM_ID[kind])).id)

    def audible_room(self, member: Member, kind: str, number: int) -> Room:
        """A room that the member may listen to. Raises Absent and Outsider."""
        return self.readable_room(member, kind, number)

    def hear(self, seat: Seat, frame: str) -> None:
        body = Fields(parse_object(frame))
        hears = {"message": self.hear_message, "typing": self.hear_typing, "read": self.hear_read}
        kind = body.text("type")
        if kind in hears:
            hears[kind](seat, body)

    def hear_message(self, seat: Seat, body: Fields) -> None:
        self.post(seat.member, room_of(seat), body.text("content"), optional_id_of(body, "reply_to"))

    def hear_typing(self, seat: Seat, body: Fields) -> None:
        room = self.core.chat.readable_room(seat.member, room_of(seat))
        self.announce_typing(room, seat.member, is_typing=body.boolean("is_typing"))

    def announce_typing(self, room: Room, member: Member, *, is_typing: bool) -> None:
        who = {"user_id": member.id, "username": member.username}
        self.announce("typing", room, member, **who, is_typing=is_typing)

    def hear_read(self, seat: Seat, body: Fields) -> None:
        room = self.core.chat.markable_room(seat.member, room_of(seat))
        message = self.core.chat.message_in(room, body.integer("message_id"))
        if self.core.chat.read_one(seat.member, message):
            self.announce_read(room, seat.member, message)

    def announce_read(self, room: Room, reader: Member, message: Message) -> None:
        self.announce("read", room, reader, user_id=reader.id, message_id=message.id)

    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        self.core.hub.say(self.audience(kind, room, actor), {"type": kind, **payload}, room.id)

    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        """The ids of those whose sockets of the room hear an event of this kind, which ``actor`` has caused."""
        return [each.id for each in room.members if each != actor or self.actor_hears(kind)]

    def actor_hears(self, kind: str) -> bool:
        """Whether the member who acts hears it too, which all three may: the document's client shows its own messages only then."""
        return kind == "message"

    def readable_room(self, member: Member, kind: str, number: int) -> Room:
        room_id = self.core.chat.room_id_of_number(kind, number)
        with saying(Outsider, OUTSIDE[kind]):
            return self.core.chat.readable_room(member, room_id)

    def post(
        self,
        member: Member,
        room_id: int,
        content: str,
        reply_to: int | None,
        uploads: tuple[Upload, ...] = (),
    ) -> Message:
        """Send a message, and tell the room of it. Raises Absent, Outsider and Blocked."""
        room = self.core.chat.writable_room(member, room_id)
        answered = None if reply_to is None else self.core.chat.answered_message(room, reply_to)
        message = self.core.chat.post(member, room, Draft(content, reply_to=answered, uploads=uploads))
        self.announce("message", room, member, message=shapes.said(message))
        return message
