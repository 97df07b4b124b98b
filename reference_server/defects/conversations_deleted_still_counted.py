"""Planted bug: counting looks at all rows."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room

ID: Final = "conversations-deleted-still-counted"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "pages-partition"
ITEMS: Final = ("ALL-6",)
SENTENCE: Final = "The count of a conversation's messages includes the deleted ones."


class Defect(Chat):
    def count(self, room: Room) -> int:
        return self._store.number("SELECT count(*) FROM messages WHERE room_id = ?", room.id)
