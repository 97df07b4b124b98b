"""Planted bug: a message is deleted, and nobody is told."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-delete-unheard"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("MSG-6",)
SENTENCE: Final = "A deleted message causes no message_deleted."


class Defect(Fe16ops):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        return [] if kind == "message_deleted" else super().audience(kind, room, actor)
