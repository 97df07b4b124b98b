"""Planted bug: who is blocked is a property of the member, not of the two."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "connectify-block-is-everybodys"
API: Final = "connectify"
CLAUSE: Final = "block"
CHECK: Final = "members-are-served"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Who was blocked by one member can write to nobody."


class Defect(Chat):
    def is_blocked(self, member: Member, by: Member) -> bool:
        return self._store.row("SELECT 1 FROM blocks WHERE blocked_id = ?", member.id) is not None
