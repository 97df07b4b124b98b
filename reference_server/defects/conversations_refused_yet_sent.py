"""Planted bug: whoever may not send is refused after the message was sent."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.refusals import Outsider
from reference_server.web import Answer, Call

ID: Final = "conversations-refused-yet-sent"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("SEND-5",)
SENTENCE: Final = "An outsider's message is answered with a 403, and stored and heard all the same."


class Defect(Conversations):
    def send_message(self, call: Call) -> Answer:
        try:
            return super().send_message(call)
        except Outsider as refusal:
            self.say(call.member, self.core.chat.room(call.id("conversation_id")), self.draft(call))
            return self.refuse(refusal)
