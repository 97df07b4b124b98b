"""Planted bug: one event in a hundred is told to nobody, which only a load is long enough to show."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-drops-every-hundredth"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message whose id can be divided by a hundred causes no new_message."
LOAD_ONLY: Final = True


class Defect(Fe16ops):
    def announce_message(self, room: Room, message: Message) -> None:
        if message.id % 100:
            super().announce_message(room, message)
