"""Planted bug: a text is told by whoever stores it and by whoever answers."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-new-message-twice"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-duplicate"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Every text message causes two new_message."


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        for _ in range(2 if message.kind == "text" else 1):
            super().announce_message(room, message)
