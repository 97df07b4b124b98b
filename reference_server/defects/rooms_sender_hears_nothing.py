"""Planted bug: what is said on a socket is told to the others alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis.rooms import Rooms
from reference_server.core.records import Draft, Member
from reference_server.fields import Fields

ID: Final = "rooms-sender-hears-nothing"
API: Final = "rooms"
CLAUSE: Final = "ws-message"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-1", "LIVE-2")
SENTENCE: Final = "Who says a message on a socket does not hear it."


class Defect(Rooms):
    def hear_message(self, member: Member, room_id: int, said: Fields) -> None:
        room = self.speaking_room(member, room_id)
        answered = self.answered(room, said.optional_uuid("reply_to"))
        message = self.core.chat.post(member, room, Draft(said.text("content"), reply_to=answered))
        others = [each.id for each in room.others(member)]
        self.core.hub.say(others, {"type": "message", "message": shapes.said(message)}, room.id)
