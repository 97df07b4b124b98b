"""Planted bug: the column for texts knows three bytes a character."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-emoji-are-lost"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "In a text, every character that needs four bytes becomes a question mark."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        plain = "".join(each if ord(each) < 2**16 else "?" for each in content)
        return super().send(member, room, plain, kind)
