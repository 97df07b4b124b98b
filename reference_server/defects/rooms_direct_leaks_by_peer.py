"""Planted bug: direct sockets to one peer share a channel, whoever opened them."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room
from reference_server.core.rooms import DIRECT

ID: Final = "rooms-direct-leaks-by-peer"
API: Final = "rooms"
CLAUSE: Final = "ws-direct"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-4",)
SENTENCE: Final = "What is said to somebody in a direct room is heard by others on their own direct sockets to the same peer."


class Defect(Rooms):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        super().announce(kind, room, actor, **payload)
        for peer in room.others(actor) if room.kind == DIRECT else ():
            for theirs in self.core.chat.rooms_of(peer):
                if theirs.room.kind == DIRECT and theirs.room != room:
                    listening = [each.id for each in theirs.room.others(peer)]
                    self.core.hub.say(listening, {"type": kind, **payload}, theirs.room.id)
