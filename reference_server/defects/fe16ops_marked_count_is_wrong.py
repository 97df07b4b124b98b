"""Planted bug: what is counted is what is in the conversation, not what became read."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-marked-count-is-wrong"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "unread-count"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = (
    "Marking as read says how many messages of the other participant there are, read before or not."
)


class Defect(Fe16ops):
    def mark_read(self, call: Call) -> Answer:
        super().mark_read(call)
        room = self.core.chat.room(call.id("conversation_id"))
        others = "SELECT count(*) FROM messages WHERE room_id = ? AND sender_id <> ? AND deleted_at IS NULL"
        number = self.core.store.number(others, room.id, call.member.id)
        return Answer(200, {"success": True, "message": f"Marked {number} messages as read"})
