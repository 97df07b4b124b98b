"""Planted bug: a receipt is made for the last message only."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.fields import parse
from reference_server.web import Answer, Call

ID: Final = "fe16ops-one-receipt-for-all"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = "Marking several messages as read causes one read_receipt, for the newest."


class Defect(Fe16ops):
    def mark_read(self, call: Call) -> Answer:
        room = self.core.chat.markable_room(call.member, call.id("conversation_id"))
        if call.body:
            parse(call.body)
        reads = self.core.chat.read_all(call.member, room)
        for read in reads[-1:]:
            self.announce("read_receipt", room, call.member, read_receipt=self.show_receipt(read))
        return Answer(200, {"success": True, "message": f"Marked {len(reads)} messages as read"})
