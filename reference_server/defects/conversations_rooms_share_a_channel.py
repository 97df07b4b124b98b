"""Planted bug: sockets are looked up by member, whichever conversation they are for."""

from __future__ import annotations

from typing import Final

from reference_server.core.hub import Ear, Hub

ID: Final = "conversations-rooms-share-a-channel"
API: Final = "conversations"
CLAUSE: Final = "websocket"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-6",)
SENTENCE: Final = "A socket hears all conversations of its member."


class Defect(Hub):
    def is_for(self, ear: Ear, room_id: int | None) -> bool:
        return True
