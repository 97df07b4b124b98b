"""Planted bug: reading a message is taken for reading up to it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Read

ID: Final = "connectify-read-marks-all-before"
API: Final = "connectify"
CLAUSE: Final = "ws-send-read"
CHECK: Final = "unread-count"
ITEMS: Final = (
    "LIVE-5",
    "CONV-4",
)
SENTENCE: Final = "A read receipt marks every earlier message of the room as well."


class Defect(Chat):
    def read_one(self, member: Member, message: Message) -> Read | None:
        earlier = self._messages(
            "m.room_id = ? AND m.id < ? AND m.deleted_at IS NULL", message.room_id, message.id
        )
        for each in earlier:
            super().read_one(member, each)
        return super().read_one(member, message)
