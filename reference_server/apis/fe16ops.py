"""FE-16OPS: pairs only, `Authorization: Token`, one socket for each device of a member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final
from urllib.parse import urlencode

from starlette.datastructures import Headers, QueryParams

from reference_server.apis import Api
from reference_server.core.records import Change, Member, Message, Reaction, Read, Room, RoomSummary
from reference_server.core.refusals import (
    Absent,
    Anonymous,
    BadTicket,
    Invalid,
    NotTheSender,
    Outsider,
    Refusal,
    TooLarge,
    WrongMethod,
)
from reference_server.fields import Fields, parse, parse_object
from reference_server.web import (
    MIB,
    Answer,
    Call,
    Channel,
    Knock,
    Operation,
    Seat,
    token_in_header,
    token_in_query,
)

BASE: Final = "/api/messaging"
PAGE_SIZE: Final = 20
KINDS: Final = ("text", "image", "file")
STATUS: Final[Mapping[type[Refusal], int]] = {
    Anonymous: 401,
    Absent: 404,
    Outsider: 404,
    NotTheSender: 404,
    Invalid: 400,
    BadTicket: 403,
    TooLarge: 413,
    WrongMethod: 405,
}


class Fe16ops(Api):
    """The ten operations and the socket. A defect overrides one of these methods."""

    name: ClassVar[str] = "fe16ops"

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        return {
            f"{BASE}/conversations/": {"GET": Operation(self.list_conversations)},
            f"{BASE}/start-conversation/": {"POST": Operation(self.start_conversation)},
            f"{BASE}/conversations/{{conversation_id}}/": {"GET": Operation(self.get_conversation)},
            f"{BASE}/conversations/{{conversation_id}}/messages/": {"POST": Operation(self.send_message)},
            f"{BASE}/conversations/{{conversation_id}}/read/": {"POST": Operation(self.mark_read)},
            f"{BASE}/messages/{{message_id}}/react/": {"POST": Operation(self.react_to_message)},
            f"{BASE}/messages/{{message_id}}/": {
                "PUT": Operation(self.edit_message),
                "DELETE": Operation(self.delete_message),
            },
            f"{BASE}/generate-upload-url/": {"POST": Operation(self.generate_upload_url)},
            "/uploads/{file_name}": {"PUT": Operation(self.upload_file, public=True, limit=16 * MIB)},
        }

    # Who it is, and how it is refused

    def authenticate(self, headers: Headers) -> Member:
        return self.core.identity.bearer(token_in_header(headers, "Token"))

    def refuse(self, refusal: Refusal) -> Answer:
        status = STATUS[type(refusal)]
        # One answer for what is not there and what is not the caller's: it must not tell which.
        reason = "Not found" if status == 404 else refusal.reason
        headers: dict[str, str] = {}
        if isinstance(refusal, Anonymous):
            headers["WWW-Authenticate"] = "Token"
        if isinstance(refusal, WrongMethod):
            headers["Allow"] = ", ".join(refusal.allowed)
        return Answer(status, {"success": False, "message": reason}, headers)

    # Conversations

    def list_conversations(self, call: Call) -> Answer:
        rooms = self.core.chat.rooms_of(call.member)
        return _success(conversations=[self.show_conversation(call.member, room) for room in rooms])

    def start_conversation(self, call: Call) -> Answer:
        body = call.json()
        receiver_id = body.integer("receiver_id")
        text = body.optional_text("message")
        product = body.optional_integer("product_id")
        receiver = self.core.identity.member(receiver_id)
        room, created = self.core.chat.start_direct(call.member, receiver, product)
        if text is not None:
            self.say_first(call.member, room, text)
        return _success(
            status=201 if created else 200,
            message="Conversation started successfully" if created else "Conversation already exists",
            conversation=self.show_conversation(call.member, self.core.chat.summary(call.member, room)),
        )

    def say_first(self, member: Member, room: Room, text: str) -> None:
        """Send the message that came with the start of a conversation."""
        self.announce_message(room, self.core.chat.send(member, room, text))

    def get_conversation(self, call: Call) -> Answer:
        room = self.core.chat.readable_room(call.member, call.id("conversation_id"))
        number = call.page()
        page = self.core.chat.page(room, number, PAGE_SIZE)
        path = f"{BASE}/conversations/{room.id}/"
        neighbours = call.neighbours(path, number, followed=self.is_followed(number, page.count))
        return _success(
            count=page.count,
            next=neighbours["next"],
            previous=neighbours["previous"],
            conversation=self.show_conversation(call.member, self.core.chat.summary(call.member, room)),
            messages=[self.show_message(message) for message in page.messages],
        )

    def is_followed(self, number: int, count: int) -> bool:
        """Whether page ``number`` of ``count`` messages is not the last one."""
        return number * PAGE_SIZE < count

    def mark_read(self, call: Call) -> Answer:
        room = self.core.chat.markable_room(call.member, call.id("conversation_id"))
        # The document sends no body. Nobody looks at one, but it has to be what its Content-Type says.
        if call.body:
            parse(call.body)
        reads = self.core.chat.read_all(call.member, room)
        for read in reads:
            self.announce("read_receipt", room, call.member, read_receipt=self.show_receipt(read))
        return _success(message=f"Marked {len(reads)} messages as read")

    # Messages

    def send_message(self, call: Call) -> Answer:
        room = self.core.chat.writable_room(call.member, call.id("conversation_id"))
        body = call.json()
        message = self.core.chat.send(
            call.member, room, body.text("content"), body.choice("message_type", KINDS)
        )
        self.announce_message(room, message)
        return _success(status=201, message=self.show_message(message))

    def edit_message(self, call: Call) -> Answer:
        message = self.core.chat.editable_message(call.member, call.id("message_id"))
        edited = self.core.chat.edit(message, call.json().text("content"))
        room = self.core.chat.room(message.room_id)
        self.announce("message_edited", room, call.member, message=self.show_message(edited))
        return _success(message=self.show_message(edited))

    def delete_message(self, call: Call) -> Answer:
        message = self.core.chat.deletable_message(call.member, call.id("message_id"))
        self.core.chat.delete(message)
        room = self.core.chat.room(message.room_id)
        self.announce("message_deleted", room, call.member, message_id=message.id)
        return _success(message="Message deleted")

    def react_to_message(self, call: Call) -> Answer:
        message = self.core.chat.reactable_message(call.member, call.id("message_id"))
        value = call.json().text("reaction_type", longest=64)
        change, reaction = self.core.chat.react(call.member, message, value)
        room = self.core.chat.room(message.room_id)
        self.announce("reaction_updated", room, call.member, reaction=self.show_reaction(reaction))
        return _success(
            message=f"Reaction {change.value}", reacted=change is not Change.REMOVED, reaction_type=value
        )

    # Files

    def generate_upload_url(self, call: Call) -> Answer:
        body = call.json()
        ticket = self.core.files.ticket(call.member, body.text("filename"), body.text("filetype"))
        query = urlencode({"expires": ticket.expires, "signature": ticket.signature})
        return _success(upload_url=f"{call.origin}/{ticket.key}?{query}", file_key=ticket.key)

    def upload_file(self, call: Call) -> Answer:
        ticket = call.parameters
        self.core.files.put(
            key=f"uploads/{call.path['file_name']}",
            expires=ticket.get("expires", ""),
            signature=ticket.get("signature", ""),
            filetype=call.headers.get("content-type", ""),
            content=call.body,
        )
        return Answer(200)

    # The socket

    def channels(self) -> Mapping[str, Channel]:
        def admit(knock: Knock) -> Seat:
            return knock.seat(self.admit(knock.query))

        def hear(seat: Seat, frame: str) -> None:
            self.hear(seat.member, frame)

        return {"/ws/messaging/": Channel(admit, hear)}

    def admit(self, query: QueryParams) -> Member:
        return self.core.identity.bearer(token_in_query(query))

    def hear(self, member: Member, frame: str) -> None:
        body = Fields(parse_object(frame))
        text, room_id = body.text("message"), body.integer("conversation_id")
        room = self.core.chat.writable_room(member, room_id)
        self.announce_message(room, self.core.chat.send(member, room, text))

    def announce_message(self, room: Room, message: Message) -> None:
        self.announce("new_message", room, message.sender, message=self.show_message(message))

    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        self.core.hub.say(self.audience(kind, room, actor), {"type": kind, **payload})

    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        """The ids of those whose sockets hear an event of this kind, which ``actor`` has caused."""
        return [each.id for each in room.members if each != actor or self.actor_hears(kind)]

    def actor_hears(self, kind: str) -> bool:
        """Whether the sockets of the member who acts hear it too: reactions must reach all participants, the rest may."""
        return kind == "reaction_updated"

    # How things look

    def title(self, viewer: Member, room: Room) -> str:
        """What ``viewer`` finds above a conversation: with whom it is."""
        return f"Chat with {', '.join(each.username for each in room.members if each != viewer)}"

    def show_conversation(self, viewer: Member, summary: RoomSummary) -> dict[str, object]:
        room, last = summary.room, summary.last
        return {
            "id": room.id,
            "title": self.title(viewer, room),
            "participants": [_user(member) for member in room.members],
            "related_product": room.subject,
            "last_message": last
            and {"content": last.content, "sender_id": last.sender_id, "created_at": last.created_at},
            "unread_count": summary.unread,
        }

    def show_message(self, message: Message) -> dict[str, object]:
        return {
            "id": message.id,
            "conversation_id": message.room_id,
            "sender": _user(message.sender),
            "content": message.content,
            "message_type": message.kind,
            "created_at": message.created_at,
            "is_edited": message.edited,
            "is_deleted": message.deleted,
            "reactions": [self.show_reaction(reaction) for reaction in message.reactions],
        }

    def show_reaction(self, reaction: Reaction) -> dict[str, object]:
        return {
            "message_id": reaction.message_id,
            "user": _user(reaction.member),
            "reaction_type": reaction.value,
            "reacted": reaction.in_force,
        }

    def show_receipt(self, read: Read) -> dict[str, object]:
        return {"user": _user(read.member), "message_id": read.message_id, "read_at": read.read_at}

    def attributes(self, member: Member) -> Mapping[str, object]:
        return {"id": member.id, "username": member.username, "email": member.email}


API = Fe16ops


def _success(status: int = 200, **fields: object) -> Answer:
    return Answer(status, {"success": True, **fields})


def _user(member: Member) -> dict[str, object]:
    return {"id": member.id, "username": member.username}
