"""Planted bug: the database takes any character but one."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-nul-crashes"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "server-error"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A text with a NUL in it is answered with a 500, and ends the socket it came by."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        if chr(0) in content:
            raise ValueError("a string literal cannot contain NUL")
        return super().send(member, room, content, kind)
