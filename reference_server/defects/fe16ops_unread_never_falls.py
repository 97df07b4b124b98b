"""Planted bug: marking as read is answered and told, and not stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Read, Room

ID: Final = "fe16ops-unread-never-falls"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "unread-count"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = "What was marked as read is unread again, and marked again the next time."


class Defect(Chat):
    def read_all(self, member: Member, room: Room) -> list[Read]:
        reads = super().read_all(member, room)
        for read in reads:
            where = "message_id = ? AND member_id = ?"
            self._store.run(f"DELETE FROM message_reads WHERE {where}", read.message_id, member.id)
        return reads
