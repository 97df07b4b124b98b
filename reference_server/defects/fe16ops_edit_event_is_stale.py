"""Planted bug: an edit is told as it was before."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-edit-event-is-stale"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "text-comes-back"
ITEMS: Final = ("MSG-4",)
SENTENCE: Final = "message_edited carries the text that was replaced."


class Defect(Fe16ops):
    def edit_message(self, call: Call) -> Answer:
        message = self.core.chat.editable_message(call.member, call.id("message_id"))
        edited = self.core.chat.edit(message, call.json().text("content"))
        stale = self.show_message(replace(edited, content=message.content))
        self.announce("message_edited", self.core.chat.room(message.room_id), call.member, message=stale)
        return Answer(200, {"success": True, "message": self.show_message(edited)})
