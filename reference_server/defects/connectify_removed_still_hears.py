"""Planted bug: who was removed stays in the audience."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room

ID: Final = "connectify-removed-still-hears"
API: Final = "connectify"
CLAUSE: Final = "ws-group"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-7",)
SENTENCE: Final = "The open sockets of a removed member hear on."


class Defect(Connectify):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        rows = self.core.store.rows(
            "SELECT member_id FROM standings WHERE room_id = ? AND left_at IS NOT NULL", room.id
        )
        return [*super().audience(kind, room, actor), *(row["member_id"] for row in rows)]
