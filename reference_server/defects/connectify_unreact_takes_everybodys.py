"""Planted bug: all reactions of a message are taken off, whoever gave them."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "connectify-unreact-takes-everybodys"
API: Final = "connectify"
CLAUSE: Final = "unreact"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("MSG-8",)
SENTENCE: Final = "Taking off all of one's own reactions takes off everybody's."


class Defect(Chat):
    def remove_reactions(self, member: Member, message: Message, value: str | None = None) -> int:
        if value is not None:
            return super().remove_reactions(member, message, value)
        return self._store.run("DELETE FROM reactions WHERE message_id = ?", message.id)
