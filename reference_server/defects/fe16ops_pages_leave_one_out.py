"""Planted bug: where a page begins is off by one, the other way."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-pages-leave-one-out"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "pages-partition"
ITEMS: Final = ("CONV-4",)
SENTENCE: Final = "Between the first page and the second a message is missing."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return super().slice(room, size, skip + 1 if skip else 0)
