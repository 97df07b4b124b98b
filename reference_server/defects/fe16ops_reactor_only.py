"""Planted bug: a reaction is told to nobody but the member who reacted."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-reactor-only"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FEAT-4",)
SENTENCE: Final = "reaction_updated reaches the sockets of the member who reacted, and nobody else's."


class Defect(Fe16ops):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        return [actor.id] if kind == "reaction_updated" else super().audience(kind, room, actor)
