"""Planted bug: deleting takes the conversation off the caller's list alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room

ID: Final = "conversations-delete-for-me-alone"
API: Final = "conversations"
CLAUSE: Final = "endpoints"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("CONV-6",)
SENTENCE: Final = "A deleted conversation is gone for who deleted it; the other one keeps it."


class Defect(Conversations):
    def remove(self, member: Member, room: Room) -> None:
        self.core.chat.go(room, member)
