"""Planted bug: nobody asks whether there is anything to send."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.fields import parse
from reference_server.web import Answer, Call

ID: Final = "fe16ops-empty-text-is-sent"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "generated-requests"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message without a text is sent."


class Defect(Fe16ops):
    def send_message(self, call: Call) -> Answer:
        body = parse(call.body)
        if not isinstance(body, dict) or body.get("content") != "":
            return super().send_message(call)
        room = self.core.chat.writable_room(call.member, call.id("conversation_id"))
        message = self.core.chat.send(call.member, room, "")
        self.announce_message(room, message)
        return Answer(201, {"success": True, "message": self.show_message(message)})
