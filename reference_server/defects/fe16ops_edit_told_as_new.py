"""Planted bug: every change of a message is told in the same way."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-edit-told-as-new"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("MSG-4",)
SENTENCE: Final = "An edited message is told as new_message."


class Defect(Fe16ops):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        super().announce("new_message" if kind == "message_edited" else kind, room, actor, **payload)
