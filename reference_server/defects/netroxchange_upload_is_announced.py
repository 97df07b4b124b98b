"""Planted bug: an upload is told like any other message."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Message, Room

ID: Final = "netroxchange-upload-is-announced"
API: Final = "netroxchange"
CLAUSE: Final = "2"
CHECK: Final = "event-has-a-cause"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "The receiver of a file hears re_message when it is uploaded, before anybody has announced it."
)


class Defect(Netroxchange):
    def uploaded(self, room: Room, message: Message) -> None:
        (peer,) = room.others(message.sender)
        self.tell(room, message.sender, self.text_event(message, peer))
