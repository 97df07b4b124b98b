"""Planted bug: reading a conversation does not ask whether the caller takes part in it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-outsider-reads"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-2",)
SENTENCE: Final = "Anybody with a token reads any conversation and its messages."


class Defect(Chat):
    def readable_room(self, member: Member, room_id: int) -> Room:
        return self.room(room_id)
