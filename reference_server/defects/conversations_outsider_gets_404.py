"""Planted bug: the conversation is looked up among the caller's own."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room
from reference_server.core.refusals import Absent, Outsider

ID: Final = "conversations-outsider-gets-404"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "refusal"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "An outsider who lists the messages of a conversation is told 404."


class Defect(Conversations):
    def listed_room(self, member: Member, room_id: int) -> Room:
        try:
            return super().listed_room(member, room_id)
        except Outsider as refusal:
            raise Absent(refusal.reason) from None
