"""Planted bug: a text is told to the thread, not to its receiver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-sender-hears-it"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "delivery-stray"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "re_message is heard on the sockets of the sender too."


class Defect(Netroxchange):
    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        super().tell(room, sender, event)
        if event["action"] == "re_message":
            self.core.hub.say([sender.id], event)
