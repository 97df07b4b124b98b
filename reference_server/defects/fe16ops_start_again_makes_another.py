"""Planted bug: nothing keeps a pair to one conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "fe16ops-start-again-makes-another"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("CONV-3",)
SENTENCE: Final = "Starting a conversation with the same member again makes a second one."


class Defect(Chat):
    def pair_key(self, one: Member, other: Member) -> str | None:
        return None
