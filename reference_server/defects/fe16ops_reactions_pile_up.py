"""Planted bug: another reaction is added, not put in the other's place."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change, Member, Message, Reaction

ID: Final = "fe16ops-reactions-pile-up"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("FEAT-3",)
SENTENCE: Final = (
    "Reacting in another way is answered as an update, and adds a second reaction beside the first."
)


class Defect(Chat):
    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        mine = [each.value for each in message.reactions if each.member == member]
        if value in mine or not mine:
            return super().react(member, message, value)
        self._store.run("DROP INDEX IF EXISTS one_reaction_a_member")
        return Change.UPDATED, self._put(member, message, value)
