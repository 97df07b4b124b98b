"""Planted bug: listing messages does not ask whether the caller takes part."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room

ID: Final = "conversations-outsider-reads-messages"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "Anybody with a token reads the messages of any conversation."


class Defect(Conversations):
    def listed_room(self, member: Member, room_id: int) -> Room:
        return self.core.chat.room(room_id)
