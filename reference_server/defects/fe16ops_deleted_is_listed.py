"""Planted bug: a deleted message is marked, and nobody looks at the mark."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-deleted-is-listed"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "deleted-is-gone"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "A deleted message stays in its page, with is_deleted: true."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return self._messages("m.room_id = ? ORDER BY m.id DESC LIMIT ? OFFSET ?", room.id, size, skip)
