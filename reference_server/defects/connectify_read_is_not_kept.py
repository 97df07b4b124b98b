"""Planted bug: a receipt is passed on like typing."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Read

ID: Final = "connectify-read-is-not-kept"
API: Final = "connectify"
CLAUSE: Final = "message-detail"
CHECK: Final = "unread-count"
ITEMS: Final = (
    "LIVE-5",
    "CONV-4",
    "MSG-1",
)
SENTENCE: Final = "A read receipt is heard, and nothing is marked as read."


class Defect(Chat):
    def read_one(self, member: Member, message: Message) -> Read | None:
        return None if message.sender == member else Read(message.id, member, self._clock.stamp())
