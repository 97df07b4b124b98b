"""Planted bug: deleted messages are marked, and nobody filters them out."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.messages import cut
from reference_server.core.records import Page, Room

ID: Final = "conversations-deleted-is-listed"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "deleted-is-gone"
ITEMS: Final = ("ALL-6",)
SENTENCE: Final = "The messages of a conversation include deleted ones, marked as such."


class Defect(Chat):
    def page(self, room: Room, number: int, size: int) -> Page:
        everything = self._messages("m.room_id = ? ORDER BY m.id", room.id)
        return Page(tuple(cut(everything, number, size)), len(everything))
