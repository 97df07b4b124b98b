"""Planted bug: a direct room is left like any other."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "rooms-direct-can-be-left"
API: Final = "rooms"
CLAUSE: Final = "leave-room"
CHECK: Final = "refusal"
ITEMS: Final = ("DM-5",)
SENTENCE: Final = "A member leaves a direct room."


class Defect(Chat):
    def leave(self, member: Member, room: Room) -> Room:
        return self.go(room, member)
