"""Planted bug: sending does not ask whether the caller takes part in the conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-outsider-sends"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-3",)
SENTENCE: Final = "Anybody with a token sends to any conversation, over HTTP and on the socket."


class Defect(Chat):
    def writable_room(self, member: Member, room_id: int) -> Room:
        return self.room(room_id)
