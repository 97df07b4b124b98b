"""Planted bug: creating a group chat does not ask for blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "connectify-group-ignores-blocks"
API: Final = "connectify"
CLAUSE: Final = "create-group"
CHECK: Final = "refusal"
ITEMS: Final = ("BLK-3",)
SENTENCE: Final = "A group chat is created with somebody who has blocked its creator."


class Defect(Chat):
    def check_not_blocked(self, member: Member, others: Sequence[Member]) -> None:
        """Nobody asks."""
