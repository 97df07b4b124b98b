"""Planted bug: a read receipt is passed on, as a frame that no document has."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Message

ID: Final = "rooms-receipt-is-broadcast"
API: Final = "rooms"
CLAUSE: Final = "ws-read-receipt"
CHECK: Final = "frame-schema"
ITEMS: Final = ("READ-5",)
SENTENCE: Final = "The others in the room hear a read receipt."


class Defect(Rooms):
    def receive_receipt(self, member: Member, message: Message) -> None:
        super().receive_receipt(member, message)
        others = [each.id for each in self.core.chat.room(message.room_id).others(member)]
        receipt = {"type": "read_receipt", "message_id": message.uuid, "user_id": member.uuid}
        self.core.hub.say(others, receipt, message.room_id)
