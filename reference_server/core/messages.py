"""Messages: said, listed, edited, deleted, and the files that come with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypeVar

from reference_server.core.lookup import ATTACHMENT, attachment_from
from reference_server.core.records import Attachment, Draft, Member, Message, Page, Room, Upload
from reference_server.core.refusals import Absent, NotTheSender
from reference_server.core.rooms import Rooms

MINE = """m.deleted_at IS NULL AND m.room_id IN (SELECT s.room_id FROM standings s JOIN rooms o ON o.id = s.room_id
    WHERE s.member_id = ? AND s.left_at IS NULL AND o.deleted_at IS NULL)"""

Found = TypeVar("Found")


class Messages(Rooms):
    """What is said."""

    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        """A message of text alone, or of what an API calls its kind."""
        return self.post(member, room, Draft(content, kind))

    def post(self, member: Member, room: Room, draft: Draft) -> Message:
        """A message with all that may come with it."""
        now = self._clock.stamp()
        answered = draft.reply_to.id if draft.reply_to else None
        message_id = self._store.insert(
            """INSERT INTO messages (room_id, sender_id, content, kind, uuid, reply_to, created_at)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            *(room.id, member.id, draft.content, draft.kind, str(uuid.uuid4()), answered, now),
        )
        self._store.run("UPDATE rooms SET updated_at = ? WHERE id = ?", now, room.id)
        self._keep(draft.uploads, room.id, message_id)
        (message,) = self._messages("m.id = ?", message_id)
        return message

    def answered_message(self, room: Room, message_id: int) -> Message:
        """The message of ``room`` that another one is to answer. Raises Absent for one that is elsewhere, or deleted."""
        return self.message_in(room, message_id)

    # Lists

    def page(self, room: Room, number: int, size: int) -> Page:
        """Page ``number`` (from 1) of the messages that are not deleted, in the API's order. Raises Absent beyond the last page."""
        count = self.count(room)
        check_page(number, size, count)
        return Page(self.slice(room, size, (number - 1) * size), count)

    def count(self, room: Room) -> int:
        """How many messages of the room are not deleted."""
        where = "room_id = ? AND deleted_at IS NULL"
        return self._store.number(f"SELECT count(*) FROM messages WHERE {where}", room.id)

    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        """The first ``size`` messages of the room, or as many as there are, after ``skip`` that come before them."""
        where = f"m.room_id = ? AND m.deleted_at IS NULL ORDER BY m.id {self.direction()} LIMIT ? OFFSET ?"
        return self._messages(where, room.id, size, skip)

    def direction(self) -> str:
        """The order of messages in lists, in SQL."""
        return "ASC" if self._settings.oldest_first else "DESC"

    def page_of_all(self, member: Member, number: int, size: int) -> Page:
        """Like ``page``, of all rooms the member is in. Raises Absent beyond the last page."""
        count = self._store.number(f"SELECT count(*) FROM messages m WHERE {MINE}", member.id)
        check_page(number, size, count)
        where = f"{MINE} ORDER BY m.id {self.direction()} LIMIT ? OFFSET ?"
        return Page(self._messages(where, member.id, size, (number - 1) * size), count)

    # Who may do what

    def message_for(self, member: Member, message_id: int) -> Message:
        """A message in a room the member is in. Raises Absent, also when it was deleted, and Outsider."""
        found = self._messages("m.id = ? AND m.deleted_at IS NULL", message_id)
        if not found:
            raise Absent("No such message")
        self.room_for(member, found[0].room_id)
        return found[0]

    def message_in(self, room: Room, message_id: int) -> Message:
        """A message of ``room``, whoever asks. Raises Absent, also when it was deleted."""
        found = self._messages("m.id = ? AND m.room_id = ? AND m.deleted_at IS NULL", message_id, room.id)
        if not found:
            raise Absent("No such message")
        return found[0]

    def readable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may look at. Raises Absent and Outsider."""
        return self.message_for(member, message_id)

    def own_message(self, member: Member, message_id: int) -> Message:
        """A message the member has sent. Raises Absent, Outsider and NotTheSender."""
        message = self.message_for(member, message_id)
        if message.sender != member:
            raise NotTheSender("Sent by somebody else")
        return message

    def editable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may edit. Raises Absent, Outsider and NotTheSender."""
        return self.own_message(member, message_id)

    def deletable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may delete. Raises Absent, Outsider and NotTheSender."""
        return self.own_message(member, message_id)

    # Changes

    def edit(self, message: Message, content: str) -> Message:
        self.write_edit(message, content)
        (edited,) = self._messages("m.id = ?", message.id)
        return edited

    def write_edit(self, message: Message, content: str) -> None:
        values = (content, self._clock.stamp(), message.id)
        self._store.run("UPDATE messages SET content = ?, edited_at = ? WHERE id = ?", *values)

    def delete(self, message: Message) -> None:
        """Mark as deleted: the row stays, nobody is shown it again."""
        self._store.run("UPDATE messages SET deleted_at = ? WHERE id = ?", self._clock.stamp(), message.id)

    # Files

    def attachment_for(self, member: Member, uuid: str) -> Attachment:
        """A file that came with a message the member may look at, or is the avatar of a room of theirs.

        Raises Absent, also when the message was deleted, and Outsider.
        """
        row = self._store.row(f"SELECT {ATTACHMENT} FROM attachments a WHERE a.uuid = ?", uuid)
        if row is None:
            raise Absent("No such file")
        attachment = attachment_from(row)
        room = self.readable_room(member, attachment.room_id)
        if attachment.message_id is not None:
            self.message_in(room, attachment.message_id)
        return attachment

    def content_of(self, attachment: Attachment) -> bytes:
        row = self._store.row("SELECT content FROM attachments WHERE id = ?", attachment.id)
        assert row is not None, "files are never removed"
        return bytes(row["content"])

    def set_avatar(self, room: Room, upload: Upload) -> Room:
        (known_as,) = self._keep((upload,), room.id, None)
        self._store.run("UPDATE rooms SET avatar = ? WHERE id = ?", known_as, room.id)
        return self.room(room.id)

    def _keep(self, uploads: Sequence[Upload], room_id: int, message_id: int | None) -> list[str]:
        """Store files, and return the UUIDs they are known by."""
        known = [(str(uuid.uuid4()), upload) for upload in uploads]
        for known_as, upload in known:
            self._store.insert(
                """INSERT INTO attachments (uuid, room_id, message_id, name, kind, media_type, size, content)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                *(known_as, room_id, message_id, upload.name, upload.kind, upload.media_type),
                *(len(upload.content), upload.content),
            )
        return [known_as for known_as, _ in known]


def check_page(number: int, size: int, count: int) -> None:
    """Raises Absent for a page beyond the last one; the first one is always there."""
    if number > 1 and (number - 1) * size >= count:
        raise Absent("No such page")


def cut(found: Sequence[Found], number: int, size: int) -> Sequence[Found]:
    """Page ``number`` (from 1) of a list that is there as a whole. Raises Absent beyond the last page."""
    check_page(number, size, len(found))
    return found[(number - 1) * size : number * size]
