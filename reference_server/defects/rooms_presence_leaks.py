"""Planted bug: coming and going is told to all sockets of the server."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis.rooms import Rooms
from reference_server.web import Seat

ID: Final = "rooms-presence-leaks"
API: Final = "rooms"
CLAUSE: Final = "ws-joined"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-4",)
SENTENCE: Final = "Who comes to a room, or goes, is heard on the sockets of all others."


class Defect(Rooms):
    def announce_presence(self, kind: str, seat: Seat) -> None:
        event = {"type": kind, **shapes.named(seat.member)}
        for row in self.core.store.rows("SELECT id FROM rooms WHERE deleted_at IS NULL"):
            room = self.core.chat.room(row["id"])
            self.core.hub.say([each.id for each in room.members], event, room.id)
