"""Planted bug: nobody looks at what is searched for."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, RoomSummary

ID: Final = "conversations-search-ignored"
API: Final = "conversations"
CLAUSE: Final = "1.LIST"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("CONV-2",)
SENTENCE: Final = "Searching conversations gives all of the caller's."


class Defect(Conversations):
    def found(self, member: Member, words: str) -> list[RoomSummary]:
        return self.core.chat.rooms_of(member)
