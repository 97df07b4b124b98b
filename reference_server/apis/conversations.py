"""Conversations: pairs, a login for a JWT, messages as forms, and a socket for each conversation that a member wants to hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from starlette.datastructures import Headers

from reference_server.apis import Api
from reference_server.apis._shared import file_of, headers_of, page_of, room_of
from reference_server.core.files import parts_of
from reference_server.core.records import Attachment, Draft, Member, Message, Page, Read, Room, RoomSummary
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

CHATS: Final = "/api/chat/conversations/"
MESSAGES: Final = "/api/chat/messages/"
PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 500
STATUS: Final[Mapping[type[Refusal], int]] = {
    Anonymous: 401,
    Absent: 404,
    Outsider: 403,
    NotTheSender: 403,
    Invalid: 400,
    TooLarge: 413,
    WrongMethod: 405,
}
# Where one sentence says all there is to say; else the core's reason is told.
DETAIL: Final[Mapping[type[Refusal], str]] = {
    Absent: "Not found.",
    Outsider: "You are not a participant in this conversation",
    NotTheSender: "You are not the sender of this message",
}
# What a conversation shows of its messages.
IN_CONVERSATION: Final = ("id", "sender", "sender_name", "content", "timestamp", "is_read", "is_deleted")


class Conversations(Api):
    """The thirteen operations, the files and the socket. A defect overrides one of these methods."""

    name: ClassVar[str] = "conversations"
    settings: ClassVar[Settings] = Settings(oldest_first=True, jwt=True)

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        chat, message = f"{CHATS}{{conversation_id}}/", f"{MESSAGES}{{message_id}}/"
        return {
            "/api/auth/login/": {"POST": Operation(self.log_in, public=True)},
            CHATS: {"GET": Operation(self.list_conversations)},
            f"{CHATS}start/": {"POST": Operation(self.start_conversation)},
            chat: {
                "GET": Operation(self.get_conversation),
                "PUT": Operation(self.update_conversation),
                "DELETE": Operation(self.delete_conversation),
            },
            f"{chat}messages/": {"GET": Operation(self.list_conversation_messages)},
            f"{chat}send_message/": {"POST": Operation(self.send_message, limit=16 * MIB)},
            MESSAGES: {"GET": Operation(self.list_messages)},
            message: {"GET": Operation(self.get_message)},
            f"{message}mark_read/": {"POST": Operation(self.mark_read)},
            f"{message}edit_message/": {"POST": Operation(self.edit_message)},
            f"{message}delete_message/": {"POST": Operation(self.delete_message)},
            "/media/attachments/{attachment_id}/{file_name}": {"GET": Operation(self.download)},
        }

    # Who it is, and how it is refused

    def authenticate(self, headers: Headers) -> Member:
        return self.core.identity.bearer(token_in_header(headers, "Bearer"))

    def log_in(self, call: Call) -> Answer:
        body = call.json()
        member = self.core.identity.sign_in(body.text("username"), body.text("password"))
        identity = self.core.identity
        return Answer(200, {"access": identity.token_of(member), "refresh": identity.refresh_token(member)})

    def refuse(self, refusal: Refusal) -> Answer:
        return Answer(STATUS[type(refusal)], {"detail": _detail(refusal)}, headers_of(refusal))

    def attributes(self, member: Member) -> Mapping[str, object]:
        return {"id": member.id, "username": member.username}

    def credentials(self, member: Member) -> Mapping[str, str]:
        return {"username": member.username, "password": self.core.identity.password_of(member)}

    # Conversations

    def list_conversations(self, call: Call) -> Answer:
        found = self.found(call.member, call.parameters.get("search", ""))
        # Without their messages, as the document's sample has it.
        return Answer(200, [self.show_conversation(each.room, ()) for each in found])

    def found(self, member: Member, words: str) -> list[RoomSummary]:
        """The member's conversations; with ``words``, those with somebody of such a name."""
        return self.core.chat.rooms_with(member, words) if words else self.core.chat.rooms_of(member)

    def start_conversation(self, call: Call) -> Answer:
        peer = self.core.identity.member(call.json().integer("user2"))
        room, created = self.core.chat.start_direct(call.member, peer, None)
        return Answer(self.status_of_start(created), self.show_with_messages(room))

    def status_of_start(self, created: bool) -> int:
        return 201 if created else 200

    def get_conversation(self, call: Call) -> Answer:
        room = self.core.chat.readable_room(call.member, call.id("conversation_id"))
        return Answer(200, self.show_with_messages(room))

    def update_conversation(self, call: Call) -> Answer:
        room = self.core.chat.room_for(call.member, call.id("conversation_id"))
        return Answer(200, self.show_with_messages(self.update(room, call.json())))

    def update(self, room: Room, _body: Fields) -> Room:
        """A conversation shows nothing that could be set: any object is taken, and changes nothing."""
        return room

    def delete_conversation(self, call: Call) -> Answer:
        room = self.core.chat.room_for(call.member, call.id("conversation_id"))
        self.remove(call.member, room)
        return Answer(204)

    def remove(self, _member: Member, room: Room) -> None:
        """The conversation is gone, whichever of the two wanted it."""
        self.core.chat.delete_room(room)

    # Messages of a conversation

    def list_conversation_messages(self, call: Call) -> Answer:
        room = self.listed_room(call.member, call.id("conversation_id"))
        number, size = call.page(), self.page_size(call)
        page = self.core.chat.page(room, number, size)
        return self.show_page(call, f"{CHATS}{room.id}/messages/", page, number, size)

    def listed_room(self, member: Member, room_id: int) -> Room:
        """A conversation whose messages the member may list. Raises Absent and Outsider."""
        return self.core.chat.readable_room(member, room_id)

    def page_size(self, call: Call) -> int:
        return call.page_size(PAGE_SIZE, LARGEST_PAGE)

    def send_message(self, call: Call) -> Answer:
        room = self.core.chat.writable_room(call.member, call.id("conversation_id"))
        message = self.say(call.member, room, self.draft(call))
        return Answer(201, self.show_message(message))

    def draft(self, call: Call) -> Draft:
        """What the form says: a text, a file or both. Raises Invalid for neither, and for what is no form."""
        form = call.fields()
        if not form.is_form:
            raise Invalid("The body is not a multipart form")
        draft = Draft(form.any_text("content"), uploads=form.files.get("attachment", ()))
        if len(draft.uploads) > 1 or "attachment" in form.values:
            raise Invalid("attachment: expected one file")
        self.check_draft(draft)
        return draft

    def check_draft(self, draft: Draft) -> None:
        """Raises Invalid for a message with nothing in it."""
        if not draft.content and not draft.uploads:
            raise Invalid("No content or attachment provided")

    # Messages of all conversations

    def list_messages(self, call: Call) -> Answer:
        number, size = call.page(), self.page_size(call)
        page = self.core.chat.page_of_all(call.member, number, size)
        return self.show_page(call, MESSAGES, page, number, size)

    def get_message(self, call: Call) -> Answer:
        message = self.core.chat.readable_message(call.member, call.id("message_id"))
        return Answer(200, self.show_message(message))

    def mark_read(self, call: Call) -> Answer:
        message = self.core.chat.markable_message(call.member, call.id("message_id"))
        self.read(call.member, message)
        return Answer(200, self.show_message(self.core.chat.readable_message(call.member, message.id)))

    def edit_message(self, call: Call) -> Answer:
        message = self.core.chat.editable_message(call.member, call.id("message_id"))
        return Answer(200, self.show_message(self.edit(call.member, message, call.json().text("content"))))

    def delete_message(self, call: Call) -> Answer:
        message = self.core.chat.deletable_message(call.member, call.id("message_id"))
        self.delete(call.member, message)
        # It confirms, and does not repeat what was said.
        blank = {"content": "", "attachment": None, "is_deleted": True}
        return Answer(200, {**self.show_message(message), **blank})

    def download(self, call: Call) -> Answer:
        return file_of(self.core, self.attachment(call.member, call.uuid("attachment_id")))

    def attachment(self, member: Member, known_as: str) -> Attachment:
        return self.core.chat.attachment_for(member, known_as)

    # What is done by HTTP and on a socket alike

    def say(self, member: Member, room: Room, draft: Draft) -> Message:
        message = self.core.chat.post(member, room, draft)
        self.tell(room, member, {"type": "message", "message": self.show_message(message)})
        return message

    def read(self, member: Member, message: Message) -> None:
        """The message is read. Nobody hears of it where that is nothing new."""
        read = self.core.chat.read_one(member, message)
        if read is not None:
            self.tell(self.core.chat.room(message.room_id), member, self.read_event(read))

    def edit(self, member: Member, message: Message, text: str) -> Message:
        edited = self.core.chat.edit(message, text)
        self.tell(self.core.chat.room(message.room_id), member, self.edit_event(message, edited))
        return edited

    def delete(self, member: Member, message: Message) -> None:
        self.core.chat.delete(message)
        self.tell(self.core.chat.room(message.room_id), member, self.delete_event(message))

    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        """Let the other participant hear it, on the sockets of this conversation."""
        self.core.hub.say([each.id for each in room.others(sender)], event, room.id)

    # The socket

    def channels(self) -> Mapping[str, Channel]:
        return {"/ws/chat/{conversation_id}/": Channel(self.admit, self.hear, self.complain)}

    def admit(self, knock: Knock) -> Seat:
        member = self.bearer_of_socket(token_in_query(knock.query))
        room = self.audible_room(member, knock.id("conversation_id"))
        return knock.seat(member, room.id)

    def bearer_of_socket(self, token: str) -> Member:
        return self.core.identity.bearer(token)

    def audible_room(self, member: Member, room_id: int) -> Room:
        """A conversation that the member may hear. Raises Absent and Outsider."""
        return self.core.chat.readable_room(member, room_id)

    def complain(self, refusal: Refusal) -> Mapping[str, object]:
        """What answers a frame that could not be taken."""
        return {"type": "error", "detail": _detail(refusal)}

    def hear(self, seat: Seat, frame: str) -> None:
        said = Fields(parse_object(frame))
        does = {
            "message": self.hear_message,
            "typing": self.hear_typing,
            "read": self.hear_read,
            "edit": self.hear_edit,
            "delete": self.hear_delete,
        }.get(said.text("type"))
        if does is None:
            raise Invalid("Unknown type")
        does(seat.member, self.core.chat.writable_room(seat.member, room_of(seat)), said)

    def hear_message(self, member: Member, room: Room, said: Fields) -> None:
        self.say(member, room, Draft(said.text("content")))

    def hear_typing(self, member: Member, room: Room, said: Fields) -> None:
        typing = said.boolean("is_typing")
        self.tell(room, member, {"type": "typing", "user": member.id, "is_typing": typing})

    def hear_read(self, member: Member, room: Room, said: Fields) -> None:
        self.read(member, _within(room, self.core.chat.markable_message(member, said.integer("message_id"))))

    def hear_edit(self, member: Member, room: Room, said: Fields) -> None:
        message = self.core.chat.editable_message(member, said.integer("message_id"))
        self.edit(member, _within(room, message), said.text("content"))

    def hear_delete(self, member: Member, room: Room, said: Fields) -> None:
        message = self.core.chat.deletable_message(member, said.integer("message_id"))
        self.delete(member, _within(room, message))

    # How things look

    def show_with_messages(self, room: Room) -> dict[str, object]:
        return self.show_conversation(room, self.said_in(room))

    def said_in(self, room: Room) -> tuple[Message, ...]:
        """All that was said and not deleted, oldest first."""
        return self.core.chat.slice(room, self.core.chat.count(room), 0)

    def show_conversation(self, room: Room, messages: tuple[Message, ...]) -> dict[str, object]:
        shown = [self.show_message(message) for message in messages]
        return {
            "id": room.id,
            "participants": [member.id for member in room.members],
            "messages": [{name: message[name] for name in IN_CONVERSATION} for message in shown],
            "created_at": room.created_at,
        }

    def show_page(self, call: Call, path: str, page: Page, number: int, size: int) -> Answer:
        shown = [self.show_message(message) for message in page.messages]
        return Answer(200, page_of(call, path, number, size, page.count, shown))

    def show_message(self, message: Message) -> dict[str, object]:
        read_at = self.read_at(message)
        return {
            "id": message.id,
            "conversation": message.room_id,
            "sender": message.sender.id,
            "sender_name": message.sender.username,
            "content": message.content,
            "attachment": address_of(message.attachments[0]) if message.attachments else None,
            "timestamp": message.created_at,
            "is_read": bool(message.reads),
            "read_at": read_at,
            "is_deleted": message.deleted,
            "edited_at": message.edited_at,
        }

    def read_at(self, message: Message) -> str | None:
        """When the other participant read the message, None until then."""
        return message.reads[0].read_at if message.reads else None

    def read_event(self, read: Read) -> Mapping[str, object]:
        return {"type": "read", "message": read.message_id, "reader": read.member.id, "read_at": read.read_at}

    def edit_event(self, _before: Message, edited: Message) -> Mapping[str, object]:
        return {"type": "edit", "message": self.show_message(edited)}

    def delete_event(self, message: Message) -> Mapping[str, object]:
        return {"type": "delete", "message_id": message.id}


API = Conversations


def address_of(attachment: Attachment) -> str:
    """Where a file is found, relative to the host."""
    return f"/media/attachments/{attachment.uuid}/{''.join(parts_of(attachment.name))}"


def _within(room: Room, message: Message) -> Message:
    """``message``, where it is of the conversation whose socket speaks of it. Raises Absent."""
    if message.room_id != room.id:
        raise Absent("No such message in this conversation")
    return message


def _detail(refusal: Refusal) -> str:
    return DETAIL.get(type(refusal), refusal.reason)
