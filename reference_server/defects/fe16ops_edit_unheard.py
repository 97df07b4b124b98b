"""Planted bug: an edit is stored, and told to nobody."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-edit-unheard"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("MSG-4",)
SENTENCE: Final = "An edited message causes no message_edited."


class Defect(Fe16ops):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        return [] if kind == "message_edited" else super().audience(kind, room, actor)
