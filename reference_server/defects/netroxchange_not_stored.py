"""Planted bug: what is said is told, and then taken back out of the store."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "netroxchange-not-stored"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "pages-partition"
ITEMS: Final = ("AUTH-1", "SEND-3", "SEND-4", "READ-1", "READ-2")
SENTENCE: Final = "A text said on the socket is heard, with an id, and can never be read."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        message = super().send(member, room, content, kind)
        self.delete(message)
        return message
