"""Planted bug: each page after the first begins before the one before has ended."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "rooms-pages-overlap"
API: Final = "rooms"
CLAUSE: Final = "list-messages"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-2",)
SENTENCE: Final = "Every page but the first begins with messages that pages before have too."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return super().slice(room, size, skip - skip // size)
