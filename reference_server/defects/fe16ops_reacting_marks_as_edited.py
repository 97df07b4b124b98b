"""Planted bug: any change of a message counts as an edit."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change, Member, Message, Reaction

ID: Final = "fe16ops-reacting-marks-as-edited"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "edited-is-flagged"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message that somebody reacted to says is_edited: true."


class Defect(Chat):
    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        now = self._clock.stamp()
        self._store.run("UPDATE messages SET edited_at = ? WHERE id = ?", now, message.id)
        return super().react(member, message, value)
