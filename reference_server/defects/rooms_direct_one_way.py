"""Planted bug: a direct room is looked for in the order in which the two were named."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "rooms-direct-one-way"
API: Final = "rooms"
CLAUSE: Final = "direct-message"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("DM-2",)
SENTENCE: Final = "The two of a direct room get one each, by who asks first."


class Defect(Chat):
    def pair_key(self, one: Member, other: Member) -> str | None:
        return f"{one.id}:{other.id}"
