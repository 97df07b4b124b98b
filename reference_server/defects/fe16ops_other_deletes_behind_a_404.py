"""Planted bug: whoever may not delete is refused after the message was deleted."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.refusals import NotTheSender
from reference_server.web import Answer, Call

ID: Final = "fe16ops-other-deletes-behind-a-404"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("AUTH-4",)
SENTENCE: Final = (
    "Deleting what the other one wrote is answered with a 404, and the message is gone, without an event."
)


class Defect(Fe16ops):
    def delete_message(self, call: Call) -> Answer:
        try:
            return super().delete_message(call)
        except NotTheSender as refusal:
            self.core.chat.delete(self.core.chat.message_for(call.member, call.id("message_id")))
            return self.refuse(refusal)
