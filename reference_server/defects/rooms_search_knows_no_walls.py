"""Planted bug: a search goes through all rooms."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "rooms-search-knows-no-walls"
API: Final = "rooms"
CLAUSE: Final = "search-messages"
CHECK: Final = "messages-across-rooms"
ITEMS: Final = ("SEARCH-1",)
SENTENCE: Final = "A search finds messages of rooms that the member is not in."


class Defect(Chat):
    def search_messages(self, member: Member, words: str, most: int) -> tuple[Message, ...]:
        where = "m.deleted_at IS NULL AND instr(fold(m.content), fold(?)) > 0 ORDER BY m.id DESC LIMIT ?"
        return self._messages(where, words, most)
