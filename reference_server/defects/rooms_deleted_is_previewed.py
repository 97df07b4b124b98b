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
        return [
            replace(each, last=self._last(each.room.id)) for each in super()._summaries(member, ids, value)
        ]

    def _last(self, room_id: int) -> Preview | None:
        found = self._messages("m.room_id = ? ORDER BY m.id DESC LIMIT 1", room_id)
        if not found:
            return None
        (last,) = found
        return Preview(last.content, last.sender.id, last.created_at, last.id, last.uuid)
