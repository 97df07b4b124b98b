"""Planted bug: an update is answered and told, and not stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change, Member, Message, Reaction

ID: Final = "fe16ops-another-reaction-is-lost"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("FEAT-3",)
SENTENCE: Final = "Reacting in another way leaves the first reaction in force."


class Defect(Chat):
    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        change, reaction = super().react(member, message, value)
        if change is Change.UPDATED:
            before = next(each.value for each in message.reactions if each.member == member)
            where = "message_id = ? AND member_id = ?"
            self._store.run(f"UPDATE reactions SET value = ? WHERE {where}", before, message.id, member.id)
        return change, reaction
