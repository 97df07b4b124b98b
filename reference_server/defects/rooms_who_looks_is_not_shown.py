"""Planted bug: a room shows whom the one who looks is in it with, and not that one."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis.rooms import Rooms
from reference_server.web import Answer, Call

ID: Final = "rooms-who-looks-is-not-shown"
API: Final = "rooms"
CLAUSE: Final = "room"
CHECK: Final = "room-shows-its-members"
ITEMS: Final = ("ROOM-6",)
SENTENCE: Final = "Whoever looks at a room finds all who are in it but themselves."


class Defect(Rooms):
    def get_room(self, call: Call) -> Answer:
        room = self.room(call, self.core.chat.readable_room)
        others = [shapes.user(each) for each in room.others(call.member)]
        return Answer(200, {**self.show(call.member, room), "participants": others})
