"""Planted bug: only what is there is told."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-removal-unheard"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FEAT-4",)
SENTENCE: Final = "A reaction that was removed causes no reaction_updated."


class Defect(Fe16ops):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        reaction = payload.get("reaction")
        if not isinstance(reaction, dict) or reaction["reacted"]:
            super().announce(kind, room, actor, **payload)
