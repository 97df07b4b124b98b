"""Planted bug: whoever speaks has not read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-unread-counts-own"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "unread-count"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "unread_count has the viewer's own messages in it, which nothing ever marks as read."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        own = "SELECT count(*) FROM messages WHERE room_id = ? AND sender_id = ? AND deleted_at IS NULL"
        return [
            replace(each, unread=each.unread + self._store.number(own, each.room.id, member.id))
            for each in super()._summaries(member, ids, value)
        ]
