"""Planted bug: marking as read does not ask who wrote it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Read, Room

ID: Final = "fe16ops-mark-read-counts-own"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "event-has-a-cause"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Marking as read marks, counts and tells the caller's own messages too."


class Defect(Chat):
    def read_all(self, member: Member, room: Room) -> list[Read]:
        reads = super().read_all(member, room)
        now = self._clock.stamp()
        rows = self._store.rows(
            """INSERT INTO message_reads (message_id, member_id, read_at) SELECT id, ?, ? FROM messages
                WHERE room_id = ? AND sender_id = ? AND deleted_at IS NULL ON CONFLICT DO NOTHING RETURNING message_id""",
            *(member.id, now, room.id, member.id),
        )
        return sorted(
            [*reads, *(Read(row["message_id"], member, now) for row in rows)],
            key=lambda each: each.message_id,
        )
