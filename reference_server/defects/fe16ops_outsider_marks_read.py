"""Planted bug: marking as read does not ask whether the caller takes part in the conversation."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-outsider-marks-read"
API: Final = "fe16ops"
CLAUSE: Final = "2.E"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "Anybody with a token marks any conversation as read, and both participants get the receipts."
)


class Defect(Chat):
    def markable_room(self, member: Member, room_id: int) -> Room:
        return self.room(room_id)
