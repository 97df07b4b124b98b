"""Planted bug: a deleted message still counts."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room

ID: Final = "fe16ops-count-includes-deleted"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "count has deleted messages in it."


class Defect(Chat):
    def count(self, room: Room) -> int:
        return self._store.number("SELECT count(*) FROM messages WHERE room_id = ?", room.id)
