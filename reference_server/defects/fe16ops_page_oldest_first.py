"""Planted bug: messages come in the order of the table."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-page-oldest-first"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "message-order"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A page has its oldest message first, and the first page the oldest ones."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        where = "m.room_id = ? AND m.deleted_at IS NULL ORDER BY m.id LIMIT ? OFFSET ?"
        return self._messages(where, room.id, size, skip)
