"""Planted bug: now and then nobody is told."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-every-third-is-lost"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message whose id can be divided by three causes no new_message."


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        if message.id % 3:
            super().announce_message(room, message)
