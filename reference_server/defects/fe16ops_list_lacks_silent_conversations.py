"""Planted bug: the list is made from messages."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-list-lacks-silent-conversations"
API: Final = "fe16ops"
CLAUSE: Final = "5.CONV"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("CONV-1",)
SENTENCE: Final = "A conversation without a message is in nobody's list."


class Defect(Chat):
    def rooms_of(self, member: Member) -> list[RoomSummary]:
        return [each for each in super().rooms_of(member) if each.last is not None]
