"""Planted bug: a read receipt counts for all that was said before as well."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Message

ID: Final = "rooms-receipt-marks-all-before"
API: Final = "rooms"
CLAUSE: Final = "ws-read-receipt"
CHECK: Final = "readers-are-shown"
ITEMS: Final = ("READ-4", "READ-5")
SENTENCE: Final = "A read receipt said on a socket marks every earlier message of the room as well."


class Defect(Rooms):
    def receive_receipt(self, member: Member, message: Message) -> None:
        room = self.core.chat.room(message.room_id)
        for each in self.core.chat.slice(room, self.core.chat.count(room), 0):
            if each.id <= message.id:
                super().receive_receipt(member, each)
