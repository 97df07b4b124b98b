"""Planted bug: a direct room is with the one who was asked, whoever looks."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room

ID: Final = "rooms-other-user-is-oneself"
API: Final = "rooms"
CLAUSE: Final = "list-rooms"
CHECK: Final = "peer-is-the-other"
ITEMS: Final = ("DM-7",)
SENTENCE: Final = "Who was asked for a direct room is shown as the other one to both, and so to themselves."


class Defect(Rooms):
    def other_user(self, member: Member, room: Room) -> Member:
        return room.members[-1]
