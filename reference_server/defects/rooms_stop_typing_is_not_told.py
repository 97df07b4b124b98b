"""Planted bug: that somebody has stopped typing is not passed on."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-stop-typing-is-not-told"
API: Final = "rooms"
CLAUSE: Final = "ws-typing"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("TYPE-1",)
SENTENCE: Final = "The others hear that somebody types, and never that they stop."


class Defect(Rooms):
    def announce_typing(self, room: Room, member: Member, *, is_typing: bool) -> None:
        if is_typing:
            super().announce_typing(room, member, is_typing=is_typing)
