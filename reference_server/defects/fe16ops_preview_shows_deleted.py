"""Planted bug: the last message is the last one that was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Preview, RoomSummary

ID: Final = "fe16ops-preview-shows-deleted"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "deleted-is-gone"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "last_message shows a message that was deleted."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        last = """SELECT content, sender_id, created_at, id, uuid FROM messages
                  WHERE room_id = ? ORDER BY id DESC LIMIT 1"""
        return [
            replace(each, last=Preview(*row) if (row := self._store.row(last, each.room.id)) else None)
            for each in super()._summaries(member, ids, value)
        ]
