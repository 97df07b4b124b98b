"""Planted bug: whoever may not send is refused after the message was sent."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.refusals import Outsider
from reference_server.web import Answer, Call

ID: Final = "fe16ops-outsider-sends-behind-a-404"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("AUTH-3",)
SENTENCE: Final = "An outsider's message is answered with a 404, and stored and heard all the same."


class Defect(Fe16ops):
    def send_message(self, call: Call) -> Answer:
        try:
            return super().send_message(call)
        except Outsider as refusal:
            room = self.core.chat.room(call.id("conversation_id"))
            self.announce_message(room, self.core.chat.send(call.member, room, call.json().text("content")))
            return self.refuse(refusal)
