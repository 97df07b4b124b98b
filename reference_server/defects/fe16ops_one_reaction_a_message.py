"""Planted bug: there is one place for a reaction on a message, not one for each member."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change, Member, Message, Reaction

ID: Final = "fe16ops-one-reaction-a-message"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("FEAT-3",)
SENTENCE: Final = "A reaction takes the place of the other participant's."


class Defect(Chat):
    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        others = "DELETE FROM reactions WHERE message_id = ? AND member_id <> ?"
        self._store.run(others, message.id, member.id)
        return super().react(member, message, value)
