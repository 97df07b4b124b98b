"""Planted bug: who joined a public room is in it while the socket is open."""

from __future__ import annotations

from typing import Final

from reference_server.apis._shared import room_of
from reference_server.apis.rooms import Rooms
from reference_server.core.rooms import PUBLIC
from reference_server.web import Seat

ID: Final = "rooms-public-join-is-forgotten"
API: Final = "rooms"
CLAUSE: Final = "model-room"
CHECK: Final = "members-are-served"
ITEMS: Final = ("ROOM-10",)
SENTENCE: Final = "A member who joined a public room is out of it when the socket closes."


class Defect(Rooms):
    def left(self, seat: Seat) -> None:
        super().left(seat)
        row = self.core.store.row("SELECT kind, creator_id FROM rooms WHERE id = ?", room_of(seat))
        if row is not None and row["kind"] == PUBLIC and row["creator_id"] != seat.member.id:
            self.core.store.run(
                "UPDATE standings SET left_at = ? WHERE room_id = ? AND member_id = ?",
                *(self.core.clock.stamp(), seat.room_id, seat.member.id),
            )
