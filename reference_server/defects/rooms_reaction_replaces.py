"""Planted bug: a member has one reaction a message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Reaction

ID: Final = "rooms-reaction-replaces"
API: Final = "rooms"
CLAUSE: Final = "react"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("REACT-3",)
SENTENCE: Final = "A member's second emoji on a message takes the place of the first."


class Defect(Chat):
    def add_reaction(self, member: Member, message: Message, value: str) -> Reaction:
        self.remove_reactions(member, message)
        return self._put(member, message, value)
