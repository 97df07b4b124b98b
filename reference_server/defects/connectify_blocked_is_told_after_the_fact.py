"""Planted bug: the block is looked at once the message is stored."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.refusals import Blocked
from reference_server.web import Answer, Call

ID: Final = "connectify-blocked-is-told-after-the-fact"
API: Final = "connectify"
CLAUSE: Final = "send-message"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("BLK-2",)
SENTENCE: Final = "A blocked member is refused, and the message is sent all the same."


class Defect(Connectify):
    def send(self, call: Call, kind: str) -> Answer:
        try:
            return super().send(call, kind)
        except Blocked as refusal:
            room = self.room(call, kind)
            message = self.core.chat.send(call.member, room, call.fields().text("content"))
            self.announce("message", room, call.member, message=self.show_message(message))
            return self.refuse(refusal)
