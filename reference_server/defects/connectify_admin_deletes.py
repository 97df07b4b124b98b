"""Planted bug: an admin may delete like the sender."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "connectify-admin-deletes"
API: Final = "connectify"
CLAUSE: Final = "delete-message"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "A group chat's admin deletes what others have written."


class Defect(Chat):
    def deletable_message(self, member: Member, message_id: int) -> Message:
        message = self.message_for(member, message_id)
        if self.is_admin(member, self.room(message.room_id)):
            return message
        return super().deletable_message(member, message_id)
