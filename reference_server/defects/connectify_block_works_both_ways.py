"""Planted bug: a block is looked for without asking who has set it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "connectify-block-works-both-ways"
API: Final = "connectify"
CLAUSE: Final = "block"
CHECK: Final = "members-are-served"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Who has blocked somebody can't write to them either."


class Defect(Chat):
    def is_blocked(self, member: Member, by: Member) -> bool:
        return super().is_blocked(member, by) or super().is_blocked(by, member)
