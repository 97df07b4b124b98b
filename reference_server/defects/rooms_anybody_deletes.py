"""Planted bug: deleting asks whether the caller is in the room, not who wrote the message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "rooms-anybody-deletes"
API: Final = "rooms"
CLAUSE: Final = "delete-message"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-8",)
SENTENCE: Final = "A member deletes what another one wrote."


class Defect(Chat):
    def deletable_message(self, member: Member, message_id: int) -> Message:
        return self.message_for(member, message_id)
