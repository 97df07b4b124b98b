"""Planted bug: on the socket of a group chat, membership is asked for only when it opens."""

from __future__ import annotations

from typing import Final

from reference_server.apis._connectify_live import GROUP
from reference_server.apis.connectify import Connectify
from reference_server.fields import Fields
from reference_server.web import Seat

ID: Final = "connectify-removed-still-sends"
API: Final = "connectify"
CLAUSE: Final = "send-group-message"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("GRP-5",)
SENTENCE: Final = "The open socket of a removed member still sends; HTTP refuses the same."


class Defect(Connectify):
    def hear_message(self, seat: Seat, body: Fields) -> None:
        assert seat.room_id is not None
        room = self.core.chat.room(seat.room_id)
        if room.kind != GROUP or seat.member in room.members:
            super().hear_message(seat, body)
            return
        message = self.core.chat.send(seat.member, room, body.text("content"))
        self.announce("message", room, seat.member, message=self.show_message(message))
