"""Planted bug: what is said on a socket is told, and not kept."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.core.records import Draft, Member
from reference_server.fields import Fields

ID: Final = "rooms-message-only-live"
API: Final = "rooms"
CLAUSE: Final = "ws-message"
CHECK: Final = "pages-partition"
ITEMS: Final = ("LIVE-2",)
SENTENCE: Final = "A message said on a socket is heard, and in no list."


class Defect(Rooms):
    def hear_message(self, member: Member, room_id: int, said: Fields) -> None:
        room = self.speaking_room(member, room_id)
        self.core.chat.delete(self.post(member, room, Draft(said.text("content"))))
