"""Planted bug: a reaction is removed from the message, not from the member."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change, Member, Message, Reaction

ID: Final = "fe16ops-removal-takes-everybodys"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Removing a reaction removes the other participant's too."


class Defect(Chat):
    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        change, reaction = super().react(member, message, value)
        if change is Change.REMOVED:
            self._store.run("DELETE FROM reactions WHERE message_id = ?", message.id)
        return change, reaction
