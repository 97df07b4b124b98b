"""Planted bug: the same text again is taken for the same request again."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Room

ID: Final = "fe16ops-same-text-once"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "ids-are-unique"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A message that says what the sender said last is not sent; the earlier one is answered and told."
)


class Defect(Chat):
    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        last = "m.room_id = ? AND m.sender_id = ? AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT 1"
        for message in self._messages(last, room.id, member.id):
            if message.content == content:
                return message
        return super().send(member, room, content, kind)
