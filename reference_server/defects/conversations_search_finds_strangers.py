"""Planted bug: a search goes over everybody's conversations."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "conversations-search-finds-strangers"
API: Final = "conversations"
CLAUSE: Final = "1.LIST"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("CONV-2",)
SENTENCE: Final = "Searching conversations finds those that the caller is not in."


class Defect(Chat):
    def rooms_with(self, member: Member, words: str) -> list[RoomSummary]:
        everybodys = self._summaries(member, "SELECT id FROM rooms WHERE id > ?", 0)
        return [
            each
            for each in everybodys
            if any(words.casefold() in other.username.casefold() for other in each.room.others(member))
        ]
