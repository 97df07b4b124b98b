"""Planted bug: a title is made for the wrong side."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-title-names-the-viewer"
API: Final = "fe16ops"
CLAUSE: Final = "2.A"
CHECK: Final = "room-is-named-after-the-peer"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A conversation is called after the member who looks at it, not after the other one."


class Defect(Fe16ops):
    def title(self, viewer: Member, room: Room) -> str:
        return f"Chat with {viewer.username}"
