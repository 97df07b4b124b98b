"""Planted bug: there is one group for all sockets."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-heard-by-everybody"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("SEND-1", "SEND-2", "FILE-2", "FILE-3")
SENTENCE: Final = "What is said to one user, in words or with a file, is heard on every socket there is."


class Defect(Netroxchange):
    def audience(self, room: Room, sender: Member) -> list[int]:
        return [row["id"] for row in self.core.store.rows("SELECT id FROM members")]
