"""Planted bug: whoever is not found among the participants is an outsider, also where there is no conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room
from reference_server.core.refusals import Absent, Outsider

ID: Final = "conversations-absent-is-forbidden"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "refusal"
ITEMS: Final = ("SEND-6",)
SENTENCE: Final = "Sending to a conversation that nobody has is answered with a 403."


class Defect(Chat):
    def writable_room(self, member: Member, room_id: int) -> Room:
        try:
            return super().writable_room(member, room_id)
        except Absent as refusal:
            raise Outsider(refusal.reason) from None
