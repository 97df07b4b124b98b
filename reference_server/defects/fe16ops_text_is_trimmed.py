"""Planted bug: a text is tidied up before it is stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-text-is-trimmed"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "White space around a text is lost."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        return super().send(member, room, content.strip() or content, kind)
