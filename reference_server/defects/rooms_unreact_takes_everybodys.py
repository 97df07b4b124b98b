"""Planted bug: removing a reaction removes it for all who gave it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "rooms-unreact-takes-everybodys"
API: Final = "rooms"
CLAUSE: Final = "react"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("REACT-2",)
SENTENCE: Final = "Who takes an emoji back takes everybody's."


class Defect(Chat):
    def remove_reactions(self, member: Member, message: Message, value: str | None = None) -> int:
        removed = 0
        for each in message.reactions:
            removed += super().remove_reactions(each.member, message, value)
        return removed
