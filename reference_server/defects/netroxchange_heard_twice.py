"""Planted bug: a text is told by whoever stores it and by whoever took it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-heard-twice"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "delivery-duplicate"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Every text is heard twice, with one id."


class Defect(Netroxchange):
    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        for _ in range(2 if event["action"] == "re_message" else 1):
            super().tell(room, sender, event)
