"""Planted bug: only what the first page shows is marked as read."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Read, Room

ID: Final = "fe16ops-mark-read-stops-at-a-page"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "unread-count"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Marking as read marks the twenty newest unread messages, and leaves the older ones."


class Defect(Chat):
    def read_all(self, member: Member, room: Room) -> list[Read]:
        reads = super().read_all(member, room)
        for read in reads[:-20]:
            where = "message_id = ? AND member_id = ?"
            self._store.run(f"DELETE FROM message_reads WHERE {where}", read.message_id, member.id)
        return reads[-20:]
