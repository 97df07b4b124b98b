"""Planted bug: sending goes by way of the caller's socket."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.refusals import Invalid
from reference_server.web import Answer, Call

ID: Final = "conversations-rest-needs-a-socket"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "members-are-served"
ITEMS: Final = ("REST-1",)
SENTENCE: Final = "Sending by HTTP is refused with a 400 to a member without an open socket."


class Defect(Conversations):
    def send_message(self, call: Call) -> Answer:
        if not any(True for _ in self.core.hub.ears_of(call.member.id)):
            raise Invalid("Not connected")
        return super().send_message(call)
