"""Planted bug: a direct room with oneself is made."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room
from reference_server.core.rooms import DIRECT

ID: Final = "rooms-direct-with-oneself"
API: Final = "rooms"
CLAUSE: Final = "direct-message"
CHECK: Final = "refusal"
ITEMS: Final = ("DM-3",)
SENTENCE: Final = "Asking for a direct room with oneself gives one."


class Defect(Rooms):
    def direct_room(self, member: Member, peer: Member) -> tuple[Room, bool]:
        if member == peer:
            return self.core.chat.start_room(member, DIRECT, []), True
        return super().direct_room(member, peer)
