"""Planted bug: every event is a task of its own, and tasks overtake each other."""

from __future__ import annotations

import asyncio
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-messages-overtake"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-order"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The new_message of every message with an odd id comes a tenth of a second late, after those sent meanwhile."


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        announce = super().announce_message

        def late() -> None:
            with self.core.request():
                announce(room, message)

        if message.id % 2:
            asyncio.get_running_loop().call_later(0.1, late)
        else:
            announce(room, message)
