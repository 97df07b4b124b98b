"""Planted bug: now and then an event waits for the next one, and is told after it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-swaps-pairs"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-order"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "The new_message of every message whose id ends in 5 is told after that of the message with the next id."
)
LOAD_ONLY: Final = True


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        if message.id % 10 == 5:
            return
        super().announce_message(room, message)
        if message.id % 10 == 6:
            held = self.core.chat.message_for(message.sender, message.id - 1)
            super().announce_message(self.core.chat.room(held.room_id), held)
