"""Planted bug: sockets are found by the number of their room, and conversations and group chats are numbered apart."""

from __future__ import annotations

from typing import Final

from reference_server.apis._connectify_live import GROUP
from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room
from reference_server.core.refusals import Absent
from reference_server.core.rooms import DIRECT

ID: Final = "connectify-rooms-share-numbers"
API: Final = "connectify"
CLAUSE: Final = "ws-conversation"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-6",)
SENTENCE: Final = "A conversation and the group chat of the same number hear each other."


class Defect(Connectify):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        super().announce(kind, room, actor, **payload)
        other = DIRECT if room.kind == GROUP else GROUP
        try:
            twin = self.core.chat.room(self.core.chat.room_id_of_number(other, room.number))
        except Absent:
            return
        self.core.hub.say([each.id for each in twin.members], {"type": kind, **payload}, twin.id)
