"""Planted bug: a receipt has the message's sender for its reader."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Message, Room

ID: Final = "connectify-read-names-the-author"
API: Final = "connectify"
CLAUSE: Final = "ws-receive-read"
CHECK: Final = "event-content"
ITEMS: Final = ("LIVE-5",)
SENTENCE: Final = "A read receipt names who wrote the message instead of who has read it."


class Defect(Connectify):
    def announce_read(self, room: Room, reader: Member, message: Message) -> None:
        self.announce("read", room, reader, user_id=message.sender.id, message_id=message.id)
