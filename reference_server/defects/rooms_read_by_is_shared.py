"""Planted bug: whoever reads a room reads it for everybody in it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Read, Room

ID: Final = "rooms-read-by-is-shared"
API: Final = "rooms"
CLAUSE: Final = "read-status"
CHECK: Final = "readers-are-shown"
ITEMS: Final = ("READ-2", "READ-3")
SENTENCE: Final = "Who marks a room as read marks it for everybody else in it too."


class Defect(Chat):
    def read_all(self, member: Member, room: Room) -> list[Read]:
        for each in room.others(member):
            super().read_all(each, room)
        return super().read_all(member, room)
