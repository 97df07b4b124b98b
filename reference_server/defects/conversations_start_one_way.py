"""Planted bug: a pair is looked up by who asks first."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "conversations-start-one-way"
API: Final = "conversations"
CLAUSE: Final = "1.START"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("CONV-5",)
SENTENCE: Final = "Starting from the other side makes a second conversation of the same two."


class Defect(Chat):
    def pair_key(self, one: Member, other: Member) -> str | None:
        return f"{one.id}:{other.id}"
