"""Planted bug: a page is cut first, and what was deleted is taken out of it afterwards."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-page-filters-late"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "page-size"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A page lacks as many messages as were deleted in it, and the oldest messages may be in no page."
)


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        found = self._messages("m.room_id = ? ORDER BY m.id DESC LIMIT ? OFFSET ?", room.id, size, skip)
        return tuple(each for each in found if not each.deleted)
