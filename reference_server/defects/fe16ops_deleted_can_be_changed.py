"""Planted bug: whoever knows its id still finds a deleted message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message
from reference_server.core.refusals import Absent

ID: Final = "fe16ops-deleted-can-be-changed"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "A deleted message can be edited, deleted again and reacted to."


class Defect(Chat):
    def message_for(self, member: Member, message_id: int) -> Message:
        for message in self._messages("m.id = ?", message_id):
            self.room_for(member, message.room_id)
            return message
        raise Absent("No such message")
