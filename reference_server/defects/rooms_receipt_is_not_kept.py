"""Planted bug: a read receipt is taken, and nothing is done about it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Message

ID: Final = "rooms-receipt-is-not-kept"
API: Final = "rooms"
CLAUSE: Final = "ws-read-receipt"
CHECK: Final = "unread-count"
ITEMS: Final = ("READ-4", "READ-5", "ROOM-4")
SENTENCE: Final = "A read receipt said on a socket marks nothing as read."


class Defect(Rooms):
    def receive_receipt(self, member: Member, message: Message) -> None:
        pass
