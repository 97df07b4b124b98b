"""Planted bug: a direct socket has a room of its own, whatever there is."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-direct-socket-makes-another"
API: Final = "rooms"
CLAUSE: Final = "ws-direct"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("DM-6",)
SENTENCE: Final = "Opening a direct socket makes another direct room although there is one."


class Defect(Rooms):
    def direct_socket_room(self, member: Member, peer: Member) -> Room:
        known = self.core.chat.known_direct(member, peer)
        if known is not None:
            self.core.store.run("UPDATE rooms SET pair = NULL WHERE id = ?", known.id)
        return super().direct_socket_room(member, peer)
