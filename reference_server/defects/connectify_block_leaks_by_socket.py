"""Planted bug: blocks are asked for by HTTP, and forgotten on the socket."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.fields import Fields
from reference_server.web import Seat

ID: Final = "connectify-block-leaks-by-socket"
API: Final = "connectify"
CLAUSE: Final = "send-message"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("BLK-2",)
SENTENCE: Final = "A blocked member's frame is sent to whoever has blocked them; HTTP refuses the same."


class Defect(Connectify):
    def hear_message(self, seat: Seat, body: Fields) -> None:
        assert seat.room_id is not None
        room = self.core.chat.room_for(seat.member, seat.room_id)
        message = self.core.chat.send(seat.member, room, body.text("content"))
        self.announce("message", room, seat.member, message=self.show_message(message))
