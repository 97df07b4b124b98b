"""netroxchange: pairs addressed by the peer, messages said on one socket for each device, files by HTTP and then announced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from starlette.datastructures import Headers

from reference_server.apis import Api
from reference_server.apis._shared import file_of, headers_of
from reference_server.core.files import parts_of
from reference_server.core.records import Attachment, Draft, Member, Message, Room
from reference_server.core.refusals import (
    Absent,
    Anonymous,
    Invalid,
    NotTheSender,
    Outsider,
    Refusal,
    TooLarge,
    WrongMethod,
)
from reference_server.core.settings import Settings
from reference_server.fields import Fields, parse_object
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

# As the document spells it.
INVALID_RECIPIENT: Final = "Invalid receipient"
NO_FILE: Final = "0kb"
STATUS: Final[Mapping[type[Refusal], int]] = {
    Anonymous: 401,
    Absent: 404,
    Outsider: 404,
    NotTheSender: 404,
    Invalid: 400,
    TooLarge: 413,
    WrongMethod: 405,
}


class Netroxchange(Api):
    """The three operations, the files and the socket. A defect overrides one of these methods."""

    name: ClassVar[str] = "netroxchange"
    settings: ClassVar[Settings] = Settings(oldest_first=True, jwt=True)

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        return {
            "/chat/messages/{uid}/": {"GET": Operation(self.get_messages)},
            "/chat/chat-attachment/": {"POST": Operation(self.upload_attachment, limit=16 * MIB)},
            "/chat/get-user-threads/": {"GET": Operation(self.get_user_threads)},
            "/mediafiles/attachments/{year}/{month}/{day}/{file}": {"GET": Operation(self.download)},
        }

    # Who it is, and how it is refused

    def authenticate(self, headers: Headers) -> Member:
        return self.core.identity.bearer(token_in_header(headers, "Bearer"))

    def refuse(self, refusal: Refusal) -> Answer:
        return Answer(
            STATUS[type(refusal)], envelope(None, refusal.reason, success=False), headers_of(refusal)
        )

    # HTTP

    def get_messages(self, call: Call) -> Answer:
        peer = self.recipient(call.member, call.path["uid"].lower())
        shown = [self.show_message(message) for message in self.said_between(call.member, peer)]
        return Answer(200, envelope({"messages": shown}, "Messages retreived successfully"))

    def said_between(self, member: Member, peer: Member) -> tuple[Message, ...]:
        """All that the two have said to each other."""
        room = self.core.chat.known_direct(member, peer)
        return self.core.chat.slice(room, self.core.chat.count(room), 0) if room else ()

    def upload_attachment(self, call: Call) -> Answer:
        form = call.fields()
        files = form.files.get("attached_file", ())
        if len(files) != 1:
            raise Invalid("attached_file: expected one file")
        text = form.any_text("message")
        try:
            peer = self.recipient(call.member, form.uuid("receiver"))
        except Absent as absent:
            raise Invalid(absent.reason) from None
        room, _ = self.core.chat.start_direct(call.member, peer, None)
        message = self.core.chat.post(call.member, room, Draft(text, uploads=files))
        self.uploaded(room, message)
        shown = {"message": self.show_message(message)}
        return Answer(201, envelope(shown, "File uploaded and chat created successfully"))

    def uploaded(self, room: Room, message: Message) -> None:
        """A file was uploaded: nobody hears of it before it is announced."""

    def get_user_threads(self, call: Call) -> Answer:
        return Answer(200, envelope([self.show_thread(room) for room in self.threads_of(call.member)], None))

    def threads_of(self, member: Member) -> list[Room]:
        return [summary.room for summary in self.core.chat.rooms_of(member)]

    def download(self, call: Call) -> Answer:
        known_as = call.path["file"].partition(".")[0]
        return file_of(self.core, self.core.chat.attachment_for(call.member, known_as))

    def recipient(self, member: Member, known_as: str) -> Member:
        """Whom ``member`` may talk to: somebody, and somebody else. Raises Absent."""
        try:
            peer = self.core.identity.member_of_uuid(known_as)
        except Absent:
            raise Absent(INVALID_RECIPIENT) from None
        if peer == member:
            raise Absent(INVALID_RECIPIENT)
        return peer

    # The socket

    def channels(self) -> Mapping[str, Channel]:
        return {"/ws/chat/room/": Channel(self.admit, self.hear, self.complain)}

    def admit(self, knock: Knock) -> Seat:
        return knock.seat(self.core.identity.bearer(token_in_query(knock.query)))

    def complain(self, refusal: Refusal) -> Mapping[str, object]:
        """What answers a frame that could not be taken."""
        return {"action": "error", "message": refusal.reason}

    def hear(self, seat: Seat, frame: str) -> None:
        said = Fields(parse_object(frame))
        action = said.text("action")
        if action == "chat_message":
            self.hear_text(seat.member, said)
        elif action == "chat_message_file":
            self.hear_file(seat.member, said)
        else:
            raise Invalid(f"Unknown action {action!r}")

    def hear_text(self, member: Member, said: Fields) -> None:
        text = said.text("message_body")
        peer = self.recipient(member, said.uuid("receiver_id"))
        room, _ = self.core.chat.start_direct(member, peer, None)
        self.tell(room, member, self.text_event(self.core.chat.send(member, room, text), peer))

    def hear_file(self, member: Member, said: Fields) -> None:
        message = self.announceable(member, said.text("chat_id"))
        room = self.core.chat.room(message.room_id)
        (peer,) = room.others(message.sender)
        self.tell(room, message.sender, self.file_event(message, peer, said))

    def announceable(self, member: Member, chat_id: str) -> Message:
        """A message with a file that ``member`` has sent. Raises a Refusal, which does not say whose it is."""
        try:
            message = self.own_message(
                member, int(chat_id) if chat_id.isdecimal() and len(chat_id) < 19 else 0
            )
        except (Absent, Outsider, NotTheSender):
            raise Absent("No such chat") from None
        if not message.attachments:
            raise Absent("No such chat")
        return message

    def own_message(self, member: Member, message_id: int) -> Message:
        return self.core.chat.own_message(member, message_id)

    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        self.core.hub.say(self.audience(room, sender), event)

    def audience(self, room: Room, sender: Member) -> list[int]:
        """The ids of those whose sockets hear what ``sender`` has said: of the receiver alone."""
        return [each.id for each in room.others(sender)]

    # How things look

    def text_event(self, message: Message, peer: Member) -> Mapping[str, object]:
        return {"message_body": message.content, **_event(message, peer), "action": "re_message"}

    def file_event(self, message: Message, peer: Member, said: Fields) -> Mapping[str, object]:
        """The event of a message with a file. What the announcing frame ``said`` besides counts for nothing."""
        (file,) = message.attachments
        return {
            "message_body": message.content,
            "attached_file_name": file.name,
            "attached_file_size": self.size_of(file),
            "attached_file_url": address_of(message, file),
            **_event(message, peer),
            "action": "re_message_file",
        }

    def show_message(self, message: Message) -> dict[str, object]:
        room = self.core.chat.room(message.room_id)
        (peer,) = room.others(message.sender)
        file = message.attachments[0] if message.attachments else None
        return {
            "id": message.id,
            "sender": _user(message.sender),
            "receiver": _user(peer),
            "attached_file_size": self.size_of(file) if file else NO_FILE,
            "message": message.content,
            "updated": message.created_at,
            "created": message.created_at,
            "seen": False,
            "deleted": False,
            "attached_file": address_of(message, file) if file else None,
            "attached_file_name": file.name if file else None,
            "thread": message.room_id,
        }

    def show_thread(self, room: Room) -> dict[str, object]:
        one, two = room.members
        return {"id": room.id, "user_one": _user(one), "user_two": _user(two), "craeted": room.created_at}

    def size_of(self, file: Attachment) -> object:
        """A size in words: ``86.73KB``."""
        return f"{file.size / 1024:.2f}KB"

    def attributes(self, member: Member) -> Mapping[str, object]:
        return {"id": member.uuid, "email": member.email}


API = Netroxchange


def address_of(message: Message, file: Attachment) -> str:
    """Where a file is found, relative to the host."""
    year, month, day = message.created_at[:10].split("-")
    return f"/mediafiles/attachments/{year}/{month}/{day}/{file.uuid}{parts_of(file.name)[1]}"


def envelope(entity: object, message: str | None, *, success: bool = True) -> dict[str, object]:
    return {
        "status": "success" if success else "failure",
        "entity": entity,
        "message": message,
        "success": success,
    }


def _event(message: Message, peer: Member) -> dict[str, object]:
    return {
        "sender_id": message.sender.uuid,
        "receiver_id": peer.uuid,
        "timestamp": message.created_at.replace("Z", "+00:00"),
        "created_msg_id": message.id,
    }


def _user(member: Member) -> dict[str, object]:
    return {"id": member.uuid, "email": member.email, "profile": None}
