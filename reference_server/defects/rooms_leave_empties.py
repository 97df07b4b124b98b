"""Planted bug: one who leaves takes everybody along."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "rooms-leave-empties"
API: Final = "rooms"
CLAUSE: Final = "leave-room"
CHECK: Final = "members-are-served"
ITEMS: Final = ("ROOM-9",)
SENTENCE: Final = "When a member leaves a room, nobody is in it any more."


class Defect(Chat):
    def leave(self, member: Member, room: Room) -> Room:
        for each in room.others(member):
            self.go(room, each)
        return super().leave(member, room)
