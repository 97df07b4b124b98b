"""Planted bug: the caller's messages are those the caller wrote."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.messages import MINE, cut
from reference_server.core.records import Member, Page

ID: Final = "conversations-all-means-own"
API: Final = "conversations"
CLAUSE: Final = "3.LIST"
CHECK: Final = "messages-across-rooms"
ITEMS: Final = ("ALL-1",)
SENTENCE: Final = "The list of all messages has only what the caller has sent."


class Defect(Chat):
    def page_of_all(self, member: Member, number: int, size: int) -> Page:
        own = self._messages(f"{MINE} AND m.sender_id = ? ORDER BY m.id", member.id, member.id)
        return Page(tuple(cut(own, number, size)), len(own))
