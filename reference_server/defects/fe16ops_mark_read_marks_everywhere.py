"""Planted bug: marking as read does not ask in which conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Read, Room

ID: Final = "fe16ops-mark-read-marks-everywhere"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "unread-count"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "Marking one conversation as read marks all the caller's conversations, and tells of the one."
)


class Defect(Chat):
    def read_all(self, member: Member, room: Room) -> list[Read]:
        reads = super().read_all(member, room)
        for each in self.rooms_of(member):
            super().read_all(member, each.room)
        return reads
