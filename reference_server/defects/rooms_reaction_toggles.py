"""Planted bug: adding a reaction that is there removes it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Reaction

ID: Final = "rooms-reaction-toggles"
API: Final = "rooms"
CLAUSE: Final = "react"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("REACT-1",)
SENTENCE: Final = "Adding the same reaction again takes it back."


class Defect(Chat):
    def add_reaction(self, member: Member, message: Message, value: str) -> Reaction:
        reaction = super().add_reaction(member, message, value)
        if reaction in message.reactions:
            self.remove_reactions(member, message, value)
        return reaction
