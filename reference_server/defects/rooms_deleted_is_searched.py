"""Planted bug: searches forget to leave out what was deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message

ID: Final = "rooms-deleted-is-searched"
API: Final = "rooms"
CLAUSE: Final = "delete-message"
CHECK: Final = "deleted-is-gone"
ITEMS: Final = ("MSG-7",)
SENTENCE: Final = "A search finds deleted messages."


class Defect(Chat):
    def search_messages(self, member: Member, words: str, most: int) -> tuple[Message, ...]:
        mine = "m.room_id IN (SELECT room_id FROM standings WHERE member_id = ? AND left_at IS NULL)"
        where = f"{mine} AND instr(fold(m.content), fold(?)) > 0 ORDER BY m.id DESC LIMIT ?"
        return tuple(replace(each, deleted=False) for each in self._messages(where, member.id, words, most))
