"""Planted bug: the kind of a message is not stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-file-becomes-text"
API: Final = "fe16ops"
CLAUSE: Final = "5.FILE"
CHECK: Final = "rest-equals-socket"
ITEMS: Final = ("FILE-3", "FILE-4")
SENTENCE: Final = "A message sent as an image or a file is stored, answered and told as a text."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        return super().send(member, room, content)
