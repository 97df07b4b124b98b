"""Planted bug: everybody hears that they themselves have gone."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis._shared import room_of
from reference_server.apis.rooms import Rooms
from reference_server.web import Seat

ID: Final = "rooms-left-names-who-stays"
API: Final = "rooms"
CLAUSE: Final = "ws-left"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-6",)
SENTENCE: Final = "An event that somebody has disconnected names the one who hears it."


class Defect(Rooms):
    def announce_presence(self, kind: str, seat: Seat) -> None:
        if kind != "user_left":
            super().announce_presence(kind, seat)
            return
        for each in self.core.chat.room(room_of(seat)).others(seat.member):
            self.core.hub.say([each.id], {"type": kind, **shapes.named(each)}, seat.room_id)
