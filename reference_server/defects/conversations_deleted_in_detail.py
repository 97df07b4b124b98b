"""Planted bug: deleted messages are filtered out of the list alone, and marked nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Message, Room

ID: Final = "conversations-deleted-in-detail"
API: Final = "conversations"
CLAUSE: Final = "1.GET"
CHECK: Final = "deleted-is-gone"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A conversation shows deleted messages among its own; their list does not."


class Defect(Conversations):
    def said_in(self, room: Room) -> tuple[Message, ...]:
        everything = self.core.chat._messages("m.room_id = ? ORDER BY m.id", room.id)
        return tuple(replace(message, deleted=False) for message in everything)
