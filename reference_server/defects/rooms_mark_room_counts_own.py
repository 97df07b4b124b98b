"""Planted bug: the caller's own messages count as made read."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-mark-room-counts-own"
API: Final = "rooms"
CLAUSE: Final = "mark-room-read"
CHECK: Final = "unread-count"
ITEMS: Final = ("READ-2",)
SENTENCE: Final = "Marking a room as read counts the caller's own messages too."


class Defect(Rooms):
    def mark_all(self, member: Member, room: Room) -> int:
        everything = self.core.chat.slice(room, self.core.chat.count(room), 0)
        return super().mark_all(member, room) + sum(each.sender == member for each in everything)
