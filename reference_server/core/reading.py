"""Reading: which messages a member has read, one by one or a room at a time."""

from __future__ import annotations

from reference_server.core.lookup import UNREAD
from reference_server.core.messages import Messages
from reference_server.core.records import Member, Message, Read, Room


class Reading(Messages):
    """Read marks."""

    def markable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may mark as read. Raises Absent and Outsider."""
        return self.message_for(member, message_id)

    def read_one(self, member: Member, message: Message) -> Read | None:
        """The message is read; returns None where that is nothing new: it was before, or is the member's own."""
        if message.sender == member:
            return None
        now = self._clock.stamp()
        added = self._store.run(
            """INSERT INTO message_reads (message_id, member_id, read_at) VALUES (?, ?, ?)
               ON CONFLICT DO NOTHING""",
            *(message.id, member.id, now),
        )
        return Read(message.id, member, now) if added else None

    def read_all(self, member: Member, room: Room) -> list[Read]:
        """Everything others have said in the room is read; returns what was not before, oldest first."""
        now = self._clock.stamp()
        rows = self._store.rows(
            f"""INSERT INTO message_reads (message_id, member_id, read_at)
                SELECT m.id, ?, ? FROM messages m WHERE m.room_id = ? AND {UNREAD} RETURNING message_id""",
            *(member.id, now, room.id, member.id, member.id),
        )
        return [Read(message_id, member, now) for message_id in sorted(row["message_id"] for row in rows)]
