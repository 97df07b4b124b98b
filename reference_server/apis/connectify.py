"""Connectify: conversations of two and group chats inside an organisation, JWTs, a socket for each room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from starlette.datastructures import Headers

from reference_server.apis import _connectify_shapes as shapes
from reference_server.apis._connectify_live import GROUP, ROOM_ID, Live
from reference_server.apis._connectify_shapes import (
    blocks_forbid_creating,
    id_of,
    ids_of,
    optional_id_of,
    stranger,
)
from reference_server.apis._shared import file_of, headers_of, page_of, saying
from reference_server.core.records import Member, Message, Room, RoomSummary, Upload
from reference_server.core.refusals import (
    Absent,
    Anonymous,
    BadTicket,
    Blocked,
    Invalid,
    NotAnAdmin,
    NotTheSender,
    OtherOrganisation,
    Outsider,
    Refusal,
    TooLarge,
    WrongMethod,
)
from reference_server.core.rooms import ADMIN, DIRECT, MEMBER
from reference_server.core.settings import Settings
from reference_server.fields import Fields
from reference_server.web import (
    MIB,
    Answer,
    Call,
    Operation,
    token_in_header,
)

BASE: Final = "/api/messaging"
PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
FILE_KINDS: Final = ("document", "image", "video", "audio")
STATUS: Final[Mapping[type[Refusal], int]] = {
    Anonymous: 401,
    Absent: 404,
    Outsider: 403,
    NotTheSender: 403,
    NotAnAdmin: 403,
    Blocked: 403,
    OtherOrganisation: 400,
    Invalid: 400,
    BadTicket: 403,
    TooLarge: 413,
    WrongMethod: 405,
}
# By kind of room: its collection.
COLLECTION: Final = {DIRECT: "conversations", GROUP: "group-chats"}


class Connectify(Live):
    """The 21 operations and the two sockets. A defect overrides one of these methods."""

    name: ClassVar[str] = "connectify"
    settings: ClassVar[Settings] = Settings(jwt=True)
    path_sets: ClassVar[tuple[str, ...]] = ("client",)

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        found: dict[str, dict[str, Operation]] = {}
        for method, usual, clients, operation in self.routes():
            path = clients if clients and self.paths == "client" else usual
            found.setdefault(f"{BASE}{path}", {})[method] = operation
        return {**found, "/media/{file}/": {"GET": Operation(self.get_file)}}

    def routes(self) -> Sequence[tuple[str, str, str, Operation]]:
        """Method, path, the path in the document's client where that is another one, and what is done.

        What creates something comes first: `create` would be taken for an id.
        """
        chat, group, message = (
            "/conversations/{conversation_id}/",
            "/group-chats/{group_chat_id}/",
            "/messages/{message_id}/",
        )
        large = 16 * MIB
        return (
            ("POST", "/conversations/", "/conversations/create/", Operation(self.create_conversation)),
            ("POST", "/group-chats/", "/group-chats/create/", Operation(self.create_group, limit=large)),
            ("POST", "/blocks/", "/blocks/create/", Operation(self.create_block)),
            ("GET", "/conversations/", "", Operation(self.list_conversations)),
            ("GET", chat, "", Operation(self.get_conversation)),
            ("GET", f"{chat}messages/", "", Operation(self.list_conversation_messages)),
            *self._both("POST", chat, "send_message", Operation(self.send_message, limit=large)),
            ("GET", "/group-chats/", "", Operation(self.list_groups)),
            ("GET", group, "", Operation(self.get_group)),
            ("GET", f"{group}messages/", "", Operation(self.list_group_messages)),
            *self._both("POST", group, "send_message", Operation(self.send_group_message, limit=large)),
            *self._both("POST", group, "add_members", Operation(self.add_members)),
            *self._both("POST", group, "remove_member", Operation(self.remove_member)),
            *self._both("POST", group, "change_role", Operation(self.change_role)),
            ("GET", message, "", Operation(self.get_message)),
            ("PUT", f"{message}edit/", "", Operation(self.edit_message)),
            ("DELETE", message, f"{message}delete/", Operation(self.delete_message)),
            ("POST", f"{message}react/", "", Operation(self.react)),
            ("DELETE", f"{message}unreact/", "", Operation(self.unreact)),
            ("GET", "/blocks/", "", Operation(self.list_blocks)),
            ("DELETE", "/blocks/{block_id}/", "/blocks/{block_id}/delete/", Operation(self.delete_block)),
        )

    def _both(
        self, method: str, room: str, name: str, operation: Operation
    ) -> list[tuple[str, str, str, Operation]]:
        """The document's headings spell these with a low line, its client with a hyphen."""
        return [(method, f"{room}{name}/", f"{room}{name.replace('_', '-')}/", operation)]

    # Who it is, and how it is refused

    def authenticate(self, headers: Headers) -> Member:
        return self.core.identity.bearer(token_in_header(headers, "Bearer"))

    def refuse(self, refusal: Refusal) -> Answer:
        return Answer(STATUS[type(refusal)], {"detail": refusal.reason}, headers_of(refusal))

    # Conversations and group chats

    def create_conversation(self, call: Call) -> Answer:
        body = call.json()
        peer_id, organisation = id_of(body, "participant_id"), id_of(body, "organization_id")
        text = body.optional_text("initial_message")
        refused = OtherOrganisation("The participant doesn't belong to this organization", peer_id)
        peer = self.colleague(call.member, peer_id, organisation, refused)
        with blocks_forbid_creating():
            room, created = self.core.chat.start_direct(call.member, peer, None)
        if not created:
            return self.exists(room)
        self.say_first(call.member, room, text)
        return Answer(201, self.show_detail(room))

    def exists(self, room: Room) -> Answer:
        """The refusal to start what there is already."""
        return Answer(400, {"detail": "Conversation already exists", "conversation_id": room.number})

    def say_first(self, member: Member, room: Room, text: str | None) -> None:
        """Send what came with a new room. Nobody can listen to it yet."""
        if text is not None:
            self.core.chat.send(member, room, text)

    def create_group(self, call: Call) -> Answer:
        body = call.fields()
        name, description = body.text("name"), body.any_text("description")
        organisation, ids = id_of(body, "organization_id"), ids_of(body, "member_ids")
        text = body.optional_text("initial_message")
        avatars = body.files.get("avatar", ())
        if len(avatars) > 1:
            raise Invalid("avatar: expected one file")
        if organisation != call.member.organisation:
            raise stranger(ids[0])
        others = self.colleagues(call.member, ids)
        with blocks_forbid_creating():
            room = self.core.chat.start_room(call.member, GROUP, others, name, description)
        for avatar in avatars:
            room = self.core.chat.set_avatar(room, avatar)
        self.say_first(call.member, room, text)
        return Answer(201, self.show_detail(room))

    def colleague(
        self, member: Member, other_id: int, organisation: int, refused: OtherOrganisation
    ) -> Member:
        """Somebody of the organisation that is named. Raises ``refused`` when ``member`` is not in it, and for nobody."""
        if organisation != member.organisation:
            raise refused
        try:
            return self.core.identity.member(other_id)
        except Absent:
            raise refused from None

    def colleagues(self, member: Member, ids: Sequence[int]) -> list[Member]:
        """Those with these ids. Raises OtherOrganisation for the first who is nobody, or of another organisation."""
        found: list[Member] = []
        for each in ids:
            try:
                found.append(self.core.identity.member(each))
            except Absent:
                self.core.chat.check_organisation(member, found)
                raise stranger(each) from None
        return found

    def list_conversations(self, call: Call) -> Answer:
        return self.list_rooms(call, DIRECT)

    def list_groups(self, call: Call) -> Answer:
        return self.list_rooms(call, GROUP)

    def list_rooms(self, call: Call, kind: str) -> Answer:
        mine = [each for each in self.core.chat.rooms_of(call.member) if each.room.kind == kind]
        return Answer(200, [self.show_summary(each) for each in mine])

    def get_conversation(self, call: Call) -> Answer:
        return Answer(200, self.show_detail(self.room(call, DIRECT)))

    def get_group(self, call: Call) -> Answer:
        return Answer(200, self.show_detail(self.room(call, GROUP)))

    def room(self, call: Call, kind: str) -> Room:
        """The room in the path, for one of its members. Raises Absent and Outsider."""
        return self.readable_room(call.member, kind, call.id(ROOM_ID[kind]))

    def list_conversation_messages(self, call: Call) -> Answer:
        return self.list_messages(call, DIRECT)

    def list_group_messages(self, call: Call) -> Answer:
        return self.list_messages(call, GROUP)

    def list_messages(self, call: Call, kind: str) -> Answer:
        room = self.room(call, kind)
        number, size = call.page(), self.page_size(call, room)
        page = self.core.chat.page(room, number, size)
        path = f"{BASE}/{COLLECTION[kind]}/{room.number}/messages/"
        results = [self.show_message(each) for each in page.messages]
        return Answer(200, page_of(call, path, number, size, page.count, results))

    def page_size(self, call: Call, room: Room) -> int:
        """How many messages of ``room`` a page has."""
        return call.page_size(PAGE_SIZE, LARGEST_PAGE)

    # Members of group chats

    def add_members(self, call: Call) -> Answer:
        room = self.room(call, GROUP)
        ids = ids_of(call.json(), "member_ids")
        self.core.chat.check_may_add(call.member, room)
        newcomers = self.colleagues(call.member, ids)
        return Answer(200, shapes.room(self.core.chat.add_members(call.member, room, newcomers)))

    def remove_member(self, call: Call) -> Answer:
        room = self.room(call, GROUP)
        leaver_id = id_of(call.json(), "member_id")
        return Answer(200, shapes.room(self.core.chat.remove_member(call.member, room, leaver_id)))

    def change_role(self, call: Call) -> Answer:
        room, body = self.room(call, GROUP), call.json()
        member_id, role = id_of(body, "member_id"), body.one_of("role", (ADMIN, MEMBER))
        return Answer(200, shapes.membership(self.core.chat.change_role(call.member, room, member_id, role)))

    # Messages

    def send_message(self, call: Call) -> Answer:
        return self.send(call, DIRECT)

    def send_group_message(self, call: Call) -> Answer:
        return self.send(call, GROUP)

    def send(self, call: Call, kind: str) -> Answer:
        """A body that is wrong is told before a block is, and that before what the body names."""
        room, body = self.room(call, kind), call.fields()
        uploads = self.uploads(body)
        content = (body.optional_text("content") or "") if uploads else body.text("content")
        message = self.post(call.member, room.id, content, optional_id_of(body, "reply_to"), uploads)
        return Answer(201, self.show_message(message))

    def uploads(self, body: Fields) -> tuple[Upload, ...]:
        """The files of a form, with their types; a file without one is a document, types beyond the files are ignored."""
        if not body.is_form:
            return ()
        kinds = body.texts("attachment_types")
        for kind in kinds:
            if kind not in FILE_KINDS:
                raise Invalid(f"attachment_types: expected {', '.join(FILE_KINDS)}")
        files = body.files.get("attachments", ())
        kinds += [FILE_KINDS[0]] * (len(files) - len(kinds))
        return tuple(
            Upload(each.name, each.media_type, each.content, kind)
            for each, kind in zip(files, kinds, strict=False)
        )

    def get_message(self, call: Call) -> Answer:
        return Answer(200, self.show_message(self.readable_message(call)))

    def readable_message(self, call: Call) -> Message:
        with saying(Outsider, "You do not have access to this message"):
            return self.core.chat.readable_message(call.member, call.id("message_id"))

    def edit_message(self, call: Call) -> Answer:
        found = self.readable_message(call)
        content = call.json().text("content")
        with saying(NotTheSender, "You can only edit your own messages"):
            message = self.core.chat.editable_message(call.member, found.id)
        return Answer(200, self.show_message(self.core.chat.edit(message, content)))

    def delete_message(self, call: Call) -> Answer:
        with saying(NotTheSender, "You can only delete your own messages"):
            message = self.core.chat.deletable_message(call.member, self.readable_message(call).id)
        self.core.chat.delete(message)
        return Answer(204)

    def react(self, call: Call) -> Answer:
        message = self.reactable_message(call)
        emoji = call.json().text("emoji", longest=64)
        return Answer(201, shapes.reaction(self.core.chat.add_reaction(call.member, message, emoji)))

    def unreact(self, call: Call) -> Answer:
        message = self.reactable_message(call)
        self.core.chat.remove_reactions(call.member, message, call.parameters.get("emoji") or None)
        return Answer(204)

    def reactable_message(self, call: Call) -> Message:
        with saying(Outsider, "You do not have access to this message"):
            return self.core.chat.reactable_message(call.member, call.id("message_id"))

    def get_file(self, call: Call) -> Answer:
        """A file of a message, or an avatar: the document has no operation for it, but a URL has to lead somewhere."""
        return file_of(self.core, self.core.chat.attachment_for(call.member, call.uuid("file")))

    # Blocks

    def create_block(self, call: Call) -> Answer:
        body = call.json()
        other_id, organisation = id_of(body, "blocked_id"), id_of(body, "organization_id")
        refused = OtherOrganisation("The user to block doesn't belong to this organization", other_id)
        other = self.colleague(call.member, other_id, organisation, refused)
        return Answer(201, shapes.block(self.core.chat.block(call.member, other)))

    def list_blocks(self, call: Call) -> Answer:
        return Answer(200, [shapes.block(each) for each in self.core.chat.blocks_of(call.member)])

    def delete_block(self, call: Call) -> Answer:
        self.core.chat.unblock(call.member, call.id("block_id"))
        return Answer(204)

    # How things look

    def show_detail(self, room: Room) -> dict[str, object]:
        page = self.core.chat.page(room, 1, PAGE_SIZE)
        return {**shapes.room(room), "messages": [self.show_message(each) for each in page.messages]}

    def show_summary(self, summary: RoomSummary) -> dict[str, object]:
        last = summary.last
        preview = last and {
            "id": last.id,
            "sender_id": last.sender_id,
            "sender_username": self.core.identity.member(last.sender_id).username,
            "content": last.content,
            "created_at": last.created_at,
        }
        return {**shapes.room(summary.room), "last_message": preview, "unread_count": summary.unread}

    def show_message(self, message: Message) -> dict[str, object]:
        return {
            **shapes.said(message),
            "attachments": [shapes.attachment(each) for each in message.attachments],
            "reactions": [shapes.reaction(each) for each in message.reactions],
            "read_by": [each.member.id for each in message.reads],
            "is_edited": message.edited,
        }

    def attributes(self, member: Member) -> Mapping[str, object]:
        return {"id": member.id, "username": member.username, "organisation": member.organisation}


API = Connectify
