"""Planted bug: who types in a room is told to anybody."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _rooms_shapes as shapes
from reference_server.apis.rooms import Rooms
from reference_server.web import Answer, Call

ID: Final = "rooms-outsider-reads-typing"
API: Final = "rooms"
CLAUSE: Final = "security"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-3",)
SENTENCE: Final = "An outsider is shown who types in a room."


class Defect(Rooms):
    def list_typing_users(self, call: Call) -> Answer:
        room = self.core.chat.room(self.core.chat.room_id_of_uuid(call.uuid("room_id")))
        return Answer(200, [shapes.typist(each, room.uuid) for each in self.core.chat.typists(room)])
