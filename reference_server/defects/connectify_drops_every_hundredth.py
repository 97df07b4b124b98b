"""Planted bug: one message in a hundred of group chats is told to nobody, which only a load is long enough to show."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room
from reference_server.core.rooms import DIRECT

ID: Final = "connectify-drops-every-hundredth"
API: Final = "connectify"
CLAUSE: Final = "ws-receive-message"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message of a group chat whose id can be divided by a hundred is told to nobody."
LOAD_ONLY: Final = True


class Defect(Connectify):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        message = payload.get("message")
        number = message["id"] if isinstance(message, dict) else 1
        if room.kind == DIRECT or number % 100:
            super().announce(kind, room, actor, **payload)
