"""Planted bug: a text is tidied up before it is stored."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "netroxchange-body-is-trimmed"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "White space around a text is lost, in the event and in the list."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        return super().send(member, room, content.strip() or content, kind)
