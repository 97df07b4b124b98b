"""Planted bug: the list is ordered by conversation, not by message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-list-by-start"
API: Final = "fe16ops"
CLAUSE: Final = "2.A"
CHECK: Final = "room-order"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The list has the conversation started last first, whatever was said since."


class Defect(Chat):
    def rooms_of(self, member: Member) -> list[RoomSummary]:
        return sorted(super().rooms_of(member), key=lambda each: -each.room.id)
