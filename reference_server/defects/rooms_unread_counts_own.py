"""Planted bug: what members say themselves is unread to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "rooms-unread-counts-own"
API: Final = "rooms"
CLAUSE: Final = "list-rooms"
CHECK: Final = "unread-count"
ITEMS: Final = ("ROOM-4",)
SENTENCE: Final = "A member's own messages count as unread."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        own = "SELECT count(*) FROM messages WHERE room_id = ? AND sender_id = ? AND deleted_at IS NULL"
        return [
            replace(each, unread=each.unread + self._store.number(own, each.room.id, member.id))
            for each in super()._summaries(member, ids, value)
        ]
