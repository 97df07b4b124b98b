"""Planted bug: reacting does not ask whether the caller takes part in the conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message
from reference_server.core.refusals import Absent

ID: Final = "fe16ops-outsider-reacts"
API: Final = "fe16ops"
CLAUSE: Final = "2.F"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Anybody with a token reacts to any message."


class Defect(Chat):
    def reactable_message(self, member: Member, message_id: int) -> Message:
        found = self._messages("m.id = ? AND m.deleted_at IS NULL", message_id)
        if not found:
            raise Absent("No such message")
        return found[0]
