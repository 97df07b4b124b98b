"""Planted bug: who is in a room is asked when its socket opens, and never again."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-leaver-still-speaks"
API: Final = "rooms"
CLAUSE: Final = "security"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("ROOM-9",)
SENTENCE: Final = "The open socket of a member who has left still speaks; HTTP refuses the same."


class Defect(Rooms):
    def speaking_room(self, member: Member, room_id: int) -> Room:
        return self.core.chat.room(room_id)
