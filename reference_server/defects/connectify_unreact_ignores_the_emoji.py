"""Planted bug: nobody looks which emoji was named."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "connectify-unreact-ignores-the-emoji"
API: Final = "connectify"
CLAUSE: Final = "unreact"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("MSG-7",)
SENTENCE: Final = "Taking off one reaction takes off all of the caller's."


class Defect(Chat):
    def remove_reactions(self, member: Member, message: Message, value: str | None = None) -> int:
        return super().remove_reactions(member, message)
