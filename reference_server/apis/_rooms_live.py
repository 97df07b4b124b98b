"""The sockets of Rooms: who may open one, what is said on it, who comes and goes, and who hears what happens in its room."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from reference_server.apis import Api
from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis._shared import room_of, saying
from reference_server.core.records import Draft, Member, Message, Room
from reference_server.core.refusals import Absent, Invalid
from reference_server.fields import Fields, parse_object
from reference_server.web import Channel, Knock, Seat, token_in_header, token_in_query


class Live(Api):
    """What is live in the API; HTTP is in `rooms.py`."""

    def channels(self) -> Mapping[str, Channel]:
        return {
            "/ws/chat/{room_id}/": Channel(self.admit_to_room, self.hear, joined=self.joined, left=self.left),
            "/ws/direct/{user_id}/": Channel(
                self.admit_to_direct, self.hear, joined=self.joined, left=self.left
            ),
        }

    # Who may listen

    def admit_to_room(self, knock: Knock) -> Seat:
        member = self.who_knocks(knock)
        return knock.seat(member, self.audible_room(member, knock.uuid("room_id")).id)

    def admit_to_direct(self, knock: Knock) -> Seat:
        member = self.who_knocks(knock)
        return knock.seat(member, self.direct_socket_room(member, self.user(knock.uuid("user_id"))).id)

    def who_knocks(self, knock: Knock) -> Member:
        """By the header, as over HTTP; browsers cannot set it, and use the query."""
        in_header = "authorization" in knock.headers
        token = token_in_header(knock.headers, "Bearer") if in_header else token_in_query(knock.query)
        return self.core.identity.bearer(token)

    def audible_room(self, member: Member, known_as: str) -> Room:
        """A room that the member may listen to; who comes into a public one is in it from then on. Raises Absent and Outsider."""
        return self.core.chat.join(member, self.core.chat.room_id_of_uuid(known_as))

    def direct_socket_room(self, member: Member, peer: Member) -> Room:
        """The room that a direct socket is for. Raises Invalid for one with oneself."""
        return self.direct_room(member, peer)[0]

    def direct_room(self, member: Member, peer: Member) -> tuple[Room, bool]:
        """The direct room of the two, and whether it was made just now. Raises Invalid for one with oneself."""
        with saying(Invalid, "Cannot create a direct message room with yourself"):
            return self.core.chat.start_direct(member, peer, None)

    def user(self, known_as: str) -> Member:
        try:
            return self.core.identity.member_of_uuid(known_as)
        except Absent:
            raise shapes.NoSuchUser("User not found") from None

    # Who comes and goes

    def joined(self, seat: Seat) -> None:
        self.core.chat.open_session(seat.member, seat.key, seat.user_agent, seat.ip_address)
        self.announce_presence("user_joined", seat)

    def left(self, seat: Seat) -> None:
        self.core.chat.close_session(seat.key)
        self.announce_presence("user_left", seat)

    def announce_presence(self, kind: str, seat: Seat) -> None:
        """Tell the room, unless it is gone, who has opened or closed a socket of it."""
        with suppress(Absent):
            room = self.core.chat.room(room_of(seat))
            self.announce(kind, room, seat.member, **shapes.named(seat.member))

    # What is said

    def hear(self, seat: Seat, frame: str) -> None:
        said = Fields(parse_object(frame))
        hears = {
            "message": self.hear_message,
            "typing": self.hear_typing,
            "read_receipt": self.hear_read_receipt,
        }
        kind = said.text("type")
        if kind in hears:
            hears[kind](seat.member, room_of(seat), said)
        self.core.chat.touch_session(seat.key)

    def hear_message(self, member: Member, room_id: int, said: Fields) -> None:
        room = self.speaking_room(member, room_id)
        content, answered = said.text("content"), self.answered(room, said.optional_uuid("reply_to"))
        self.post(member, room, Draft(content, reply_to=answered))

    def speaking_room(self, member: Member, room_id: int) -> Room:
        """A room that the member may say something in on its socket. Raises Absent and Outsider."""
        return self.core.chat.writable_room(member, room_id)

    def hear_typing(self, member: Member, room_id: int, said: Fields) -> None:
        room, typing = self.speaking_room(member, room_id), said.boolean("is_typing")
        self.core.chat.type(member, room, typing)
        self.announce_typing(room, member, is_typing=typing)

    def announce_typing(self, room: Room, member: Member, *, is_typing: bool) -> None:
        self.announce("typing", room, member, **shapes.named(member), is_typing=is_typing)

    def hear_read_receipt(self, member: Member, room_id: int, said: Fields) -> None:
        room = self.core.chat.markable_room(member, room_id)
        known_as = said.uuid("message_id")
        self.receive_receipt(
            member, self.core.chat.message_in(room, self.core.chat.message_id_of_uuid(known_as))
        )

    def receive_receipt(self, member: Member, message: Message) -> None:
        """The message is read. Nobody hears of it."""
        self.core.chat.read_one(member, message)

    # What is done by HTTP and on a socket alike

    def answered(self, room: Room, known_as: str | None) -> Message | None:
        """The message of ``room`` that another one is to answer, if any. Raises Absent."""
        if known_as is None:
            return None
        return self.core.chat.answered_message(room, self.core.chat.message_id_of_uuid(known_as))

    def post(self, member: Member, room: Room, draft: Draft) -> Message:
        """Send a message, and tell the room of it."""
        message = self.core.chat.post(member, room, draft)
        self.announce("message", room, member, message=shapes.said(message))
        return message

    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        self.core.hub.say(self.audience(kind, room, actor), {"type": kind, **payload}, room.id)

    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        """The ids of those whose sockets of the room hear an event of this kind, which ``actor`` has caused."""
        return [each.id for each in room.members if each != actor or self.actor_hears(kind)]

    def actor_hears(self, kind: str) -> bool:
        """Whether the member who acts hears it too: a message they must, their coming and going they may."""
        return kind != "typing"
