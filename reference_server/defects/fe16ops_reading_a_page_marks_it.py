"""Planted bug: whoever gets a page has read it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-reading-a-page-marks-it"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "unread-count"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Getting a page marks the conversation as read, without a receipt."


class Defect(Fe16ops):
    def get_conversation(self, call: Call) -> Answer:
        answer = super().get_conversation(call)
        room = self.core.chat.readable_room(call.member, call.id("conversation_id"))
        self.core.chat.read_all(call.member, room)
        return answer
