"""Planted bug: who has left stays in the audience."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-leaver-still-hears"
API: Final = "rooms"
CLAUSE: Final = "leave-room"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("ROOM-9",)
SENTENCE: Final = "The open sockets of a member who has left hear on."


class Defect(Rooms):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        rows = self.core.store.rows(
            "SELECT member_id FROM standings WHERE room_id = ? AND left_at IS NOT NULL", room.id
        )
        return [*super().audience(kind, room, actor), *(row["member_id"] for row in rows)]
