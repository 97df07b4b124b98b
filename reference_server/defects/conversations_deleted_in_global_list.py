"""Planted bug: deleted messages are filtered out of a conversation's list alone, and marked nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.messages import MINE, cut
from reference_server.core.records import Member, Page

ID: Final = "conversations-deleted-in-global-list"
API: Final = "conversations"
CLAUSE: Final = "3.LIST"
CHECK: Final = "deleted-is-gone"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The list of all messages has deleted ones too."


class Defect(Chat):
    def page_of_all(self, member: Member, number: int, size: int) -> Page:
        where = MINE.replace("m.deleted_at IS NULL AND ", "")
        everything = self._messages(f"{where} ORDER BY m.id", member.id)
        shown = [replace(message, deleted=False) for message in cut(everything, number, size)]
        return Page(tuple(shown), len(everything))
