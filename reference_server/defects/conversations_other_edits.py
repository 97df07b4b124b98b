"""Planted bug: editing asks whether the caller is in the conversation, not who wrote the message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "conversations-other-edits"
API: Final = "conversations"
CLAUSE: Final = "3.EDIT"
CHECK: Final = "refusal"
ITEMS: Final = ("ALL-5",)
SENTENCE: Final = "A participant edits what the other one wrote."


class Defect(Chat):
    def editable_message(self, member: Member, message_id: int) -> Message:
        return self.message_for(member, message_id)
