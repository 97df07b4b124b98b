"""Planted bug: editing asks whether the caller is in the room, not who wrote the message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "rooms-anybody-edits"
API: Final = "rooms"
CLAUSE: Final = "update-message"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-6",)
SENTENCE: Final = "A member edits what another one wrote."


class Defect(Chat):
    def editable_message(self, member: Member, message_id: int) -> Message:
        return self.message_for(member, message_id)
