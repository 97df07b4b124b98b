"""Planted bug: the socket of a room opens to any good token."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Member, Room
from reference_server.core.refusals import Outsider

ID: Final = "rooms-socket-wants-no-membership"
API: Final = "rooms"
CLAUSE: Final = "security"
CHECK: Final = "handshake-refuses"
ITEMS: Final = ("AUTH-4",)
SENTENCE: Final = "The socket of a group opens to somebody who is not in it."


class Defect(Rooms):
    def audible_room(self, member: Member, known_as: str) -> Room:
        try:
            return super().audible_room(member, known_as)
        except Outsider:
            return self.core.chat.room(self.core.chat.room_id_of_uuid(known_as))
