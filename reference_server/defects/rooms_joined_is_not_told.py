"""Planted bug: only the first socket of a member in a room is told of."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.web import Seat

ID: Final = "rooms-joined-is-not-told"
API: Final = "rooms"
CLAUSE: Final = "ws-joined"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-5",)
SENTENCE: Final = "A member who connects to a room with a second socket is not announced."


class Defect(Rooms):
    def announce_presence(self, kind: str, seat: Seat) -> None:
        ears = self.core.hub.ears_of(seat.member.id)
        if kind == "user_left" or sum(each.room_id == seat.room_id for each in ears) < 2:
            super().announce_presence(kind, seat)
