"""Planted bug: the preview of a room is the last that was said, deleted or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Preview, RoomSummary

ID: Final = "rooms-deleted-is-previewed"
API: Final = "rooms"
CLAUSE: Final = "delete-message"
CHECK: Final = "deleted-is-gone"
ITEMS: Final = ("MSG-7",)
SENTENCE: Final = "A deleted message is still shown as the last one of its room."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        summaries = []
        for each in super()._summaries(member, ids, value):
            said = self._messages("m.room_id = ? ORDER BY m.id DESC LIMIT 1", each.room.id)
            latest = [Preview(m.content, m.sender.id, m.created_at, m.id, m.uuid) for m in said]
            summaries.append(replace(each, last=latest[0] if latest else None))
        return summaries
