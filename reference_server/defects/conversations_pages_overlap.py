"""Planted bug: where a page begins is off by one."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "conversations-pages-overlap"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "Every page but the first begins with a message that the page before has too."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return super().slice(room, size, max(skip - 1, 0))
