"""Planted bug: typing is told to everybody in the room."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms

ID: Final = "rooms-typing-echoes"
API: Final = "rooms"
CLAUSE: Final = "ws-typing"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("TYPE-1",)
SENTENCE: Final = "Who types hears it on their own sockets."


class Defect(Rooms):
    def actor_hears(self, kind: str) -> bool:
        return True
