"""Planted bug: a long text does not fit what carries events, and is dropped there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-lost-when-long"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A text of more than 100 characters is stored and heard by nobody."


class Defect(Netroxchange):
    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        if event["action"] != "re_message" or len(str(event["message_body"])) <= 100:
            super().tell(room, sender, event)
