"""Planted bug: whoever stores a message does it twice."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-sent-twice"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-1", "FEAT-5")
SENTENCE: Final = "A message is stored twice, and told once."


class Defect(Fe16ops):
    def send_message(self, call: Call) -> Answer:
        answer = super().send_message(call)
        room = self.core.chat.writable_room(call.member, call.id("conversation_id"))
        self.core.chat.send(call.member, room, call.json().text("content"))
        return answer
