"""Planted bug: a new reaction comes in the place of the member's earlier one."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Reaction

ID: Final = "connectify-one-emoji-a-member"
API: Final = "connectify"
CLAUSE: Final = "react"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("MSG-6",)
SENTENCE: Final = "A member's second emoji replaces the first."


class Defect(Chat):
    def add_reaction(self, member: Member, message: Message, value: str) -> Reaction:
        self.remove_reactions(member, message)
        return super().add_reaction(member, self.message_for(member, message.id), value)
