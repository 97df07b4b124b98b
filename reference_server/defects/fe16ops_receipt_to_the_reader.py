"""Planted bug: a receipt goes back to where it came from."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-receipt-to-the-reader"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = "read_receipt reaches the sockets of the reader, and not those of the author."


class Defect(Fe16ops):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        return [actor.id] if kind == "read_receipt" else super().audience(kind, room, actor)
