"""Planted bug: the column for texts is too short."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-text-is-cut"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A text is cut after 255 characters."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        return super().send(member, room, content[:255], kind)
