"""Planted bug: reading is taken for reading up to there."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Message

ID: Final = "conversations-read-marks-all"
API: Final = "conversations"
CLAUSE: Final = "3.READ"
CHECK: Final = "event-has-a-cause"
ITEMS: Final = ("ALL-3",)
SENTENCE: Final = "Marking a message as read marks, and tells of, every earlier one as well."


class Defect(Conversations):
    def read(self, member: Member, message: Message) -> None:
        for each in self.said_in(self.core.chat.room(message.room_id)):
            if each.id <= message.id:
                super().read(member, each)
