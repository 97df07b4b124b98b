"""Planted bug: messages are joined with their reactions."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-page-repeats-what-has-reactions"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "pages-partition"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message with two reactions is in its page twice."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        found = super().slice(room, size, skip)
        return tuple(each for each in found for _ in range(max(len(each.reactions), 1)))
