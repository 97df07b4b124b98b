"""Planted bug: only what is said on a socket is told."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.web import Answer, Call

ID: Final = "conversations-socket-alone-is-live"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-1",)
SENTENCE: Final = "A message sent by HTTP is heard by nobody."


class Defect(Conversations):
    def send_message(self, call: Call) -> Answer:
        room = self.core.chat.writable_room(call.member, call.id("conversation_id"))
        message = self.core.chat.post(call.member, room, self.draft(call))
        return Answer(201, self.show_message(message))
