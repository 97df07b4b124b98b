"""Planted bug: the preview of a room is the first that was said there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Preview, RoomSummary

ID: Final = "rooms-first-is-previewed"
API: Final = "rooms"
CLAUSE: Final = "list-rooms"
CHECK: Final = "preview-is-the-latest"
ITEMS: Final = ("ROOM-3",)
SENTENCE: Final = "The oldest message of a room is shown as its last one."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        first = """SELECT content, sender_id, created_at, id, uuid FROM messages
                   WHERE room_id = ? AND deleted_at IS NULL ORDER BY id LIMIT 1"""
        return [
            replace(each, last=Preview(*row) if (row := self._store.row(first, each.room.id)) else None)
            for each in super()._summaries(member, ids, value)
        ]
