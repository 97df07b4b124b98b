"""Planted bug: the socket does not ask whether its member takes part."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room

ID: Final = "conversations-socket-lets-anybody-in"
API: Final = "conversations"
CLAUSE: Final = "websocket"
CHECK: Final = "handshake-refuses"
ITEMS: Final = ("LIVE-7",)
SENTENCE: Final = "Anybody with a token opens the socket of any conversation."


class Defect(Conversations):
    def audible_room(self, member: Member, room_id: int) -> Room:
        return self.core.chat.room(room_id)
