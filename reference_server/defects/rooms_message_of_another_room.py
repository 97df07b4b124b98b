"""Planted bug: reacting looks for a message by its id alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Message
from reference_server.web import Call

ID: Final = "rooms-message-of-another-room"
API: Final = "rooms"
CLAUSE: Final = "send-message"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-3",)
SENTENCE: Final = "Who is in any room reacts, by way of it, to a message of a room that they are not in."


class Defect(Rooms):
    def reacted_message(self, call: Call) -> Message:
        self.room(call, self.core.chat.room_for)
        message_id = self.core.chat.message_id_of_uuid(call.uuid("message_id"))
        row = self.core.store.row("SELECT room_id FROM messages WHERE id = ?", message_id)
        assert row is not None
        return self.core.chat.message_in(self.core.chat.room(row["room_id"]), message_id)
