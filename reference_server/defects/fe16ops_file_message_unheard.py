"""Planted bug: a file message is stored, and told to nobody."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-file-message-unheard"
API: Final = "fe16ops"
CLAUSE: Final = "5.FILE"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FILE-4",)
SENTENCE: Final = "A message that is not text is stored without a new_message for the other participants."


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        if message.kind == "text":
            super().announce_message(room, message)
