"""Planted bug: typing is passed on, that it has stopped is not."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room

ID: Final = "connectify-stop-typing-is-not-told"
API: Final = "connectify"
CLAUSE: Final = "ws-receive-typing"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-4",)
SENTENCE: Final = "Nobody hears that a member has stopped typing."


class Defect(Connectify):
    def announce_typing(self, room: Room, member: Member, *, is_typing: bool) -> None:
        if is_typing:
            super().announce_typing(room, member, is_typing=is_typing)
