"""Planted bug: what has no text in it is thought to be nobody's secret."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-deletion-to-everybody"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("MSG-6",)
SENTENCE: Final = (
    "message_deleted reaches the sockets of everybody but its sender, in the conversation or not."
)


class Defect(Fe16ops):
    def audience(self, kind: str, room: Room, actor: Member) -> list[int]:
        if kind != "message_deleted":
            return super().audience(kind, room, actor)
        return [row["id"] for row in self.core.store.rows("SELECT id FROM members WHERE id <> ?", actor.id)]
