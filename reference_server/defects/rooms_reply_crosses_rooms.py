"""Planted bug: a message of any room may be answered."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "rooms-reply-crosses-rooms"
API: Final = "rooms"
CLAUSE: Final = "send-message"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message answers one of a room that its sender is not in, and shows it."


class Defect(Chat):
    def answered_message(self, room: Room, message_id: int) -> Message:
        (found,) = self._messages("m.id = ?", message_id)
        return found
