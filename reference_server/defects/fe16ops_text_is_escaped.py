"""Planted bug: a text is stored as it would be shown in a web page."""

from __future__ import annotations

import html
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-text-is-escaped"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "In a text, what HTML knows is replaced: & becomes &amp;, < becomes &lt;."


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        return super().send(member, room, html.escape(content), kind)
