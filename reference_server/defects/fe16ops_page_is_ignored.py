"""Planted bug: nobody looks at the page that is asked for."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-page-is-ignored"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "pages-partition"
ITEMS: Final = ("CONV-4",)
SENTENCE: Final = "Every page has the messages of the first."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return super().slice(room, size, 0)
