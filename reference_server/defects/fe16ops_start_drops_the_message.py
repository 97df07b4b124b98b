"""Planted bug: the message that comes with a start is not looked at."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-start-drops-the-message"
API: Final = "fe16ops"
CLAUSE: Final = "2.B"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("CONV-2",)
SENTENCE: Final = "A conversation that was started with a message has none."


class Defect(Fe16ops):
    def say_first(self, member: Member, room: Room, text: str) -> None:
        pass
