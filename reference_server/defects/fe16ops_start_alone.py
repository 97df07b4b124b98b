"""Planted bug: the receiver is not added to the conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "fe16ops-start-alone"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "response-schema"
ITEMS: Final = (
    "CONV-1",
    "CONV-2",
    "CONV-4",
    "MSG-1",
    "MSG-2",
    "MSG-3",
    "MSG-4",
    "MSG-5",
    "MSG-6",
    "FEAT-1",
    "FEAT-2",
    "FEAT-3",
    "FEAT-4",
    "FEAT-5",
    "FILE-3",
    "FILE-4",
)
SENTENCE: Final = "A new conversation has its starter as the one participant."


class Defect(Chat):
    def founders(self, member: Member, peer: Member) -> tuple[Member, ...]:
        return (member,)
