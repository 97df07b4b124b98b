"""Planted bug: the announcement of a file is taken, and leads nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-file-unheard"
API: Final = "netroxchange"
CLAUSE: Final = "file"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FILE-2", "FILE-3")
SENTENCE: Final = "A file that is announced is heard by nobody."


class Defect(Netroxchange):
    def tell(self, room: Room, sender: Member, event: Mapping[str, object]) -> None:
        if event["action"] != "re_message_file":
            super().tell(room, sender, event)
