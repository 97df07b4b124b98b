"""Planted bug: a pair is looked for in the order in which it was started."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "connectify-exists-one-way"
API: Final = "connectify"
CLAUSE: Final = "create-conversation"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("CONV-2",)
SENTENCE: Final = "The other one who starts the same conversation gets a second one."


class Defect(Chat):
    def pair_key(self, one: Member, other: Member) -> str | None:
        return f"{one.id}:{other.id}"
