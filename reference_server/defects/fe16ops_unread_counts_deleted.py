"""Planted bug: what was deleted waits to be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-unread-counts-deleted"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "unread-count"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "unread_count has deleted messages in it."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        unread = """SELECT count(*) FROM messages m WHERE room_id = ? AND sender_id <> ?
            AND NOT EXISTS (SELECT 1 FROM message_reads WHERE message_id = m.id AND member_id = ?)"""
        return [
            replace(each, unread=self._store.number(unread, each.room.id, member.id, member.id))
            for each in super()._summaries(member, ids, value)
        ]
