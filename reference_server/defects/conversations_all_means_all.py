"""Planted bug: all messages are taken at their word."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.messages import cut
from reference_server.core.records import Member, Page

ID: Final = "conversations-all-means-all"
API: Final = "conversations"
CLAUSE: Final = "3.LIST"
CHECK: Final = "messages-across-rooms"
ITEMS: Final = ("ALL-1",)
SENTENCE: Final = "The list of all messages has everybody's."


class Defect(Chat):
    def page_of_all(self, member: Member, number: int, size: int) -> Page:
        everything = self._messages("m.id > ? AND m.deleted_at IS NULL ORDER BY m.id", 0)
        return Page(tuple(cut(everything, number, size)), len(everything))
