"""Planted bug: what a conversation is about is not stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-product-is-forgotten"
API: Final = "fe16ops"
CLAUSE: Final = "2.B"
CHECK: Final = "room-keeps-its-subject"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A conversation started about a product says related_product: null."


class Defect(Chat):
    def start_direct(self, member: Member, peer: Member, subject: int | None) -> tuple[Room, bool]:
        return super().start_direct(member, peer, None)
