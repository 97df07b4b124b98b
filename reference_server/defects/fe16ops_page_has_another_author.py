"""Planted bug: a page takes whoever started the conversation for the one who speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message, Room

ID: Final = "fe16ops-page-has-another-author"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "author-is-caller"
ITEMS: Final = ("CONV-4",)
SENTENCE: Final = "In a page all messages are by the member who started the conversation."


class Defect(Chat):
    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        return tuple(replace(each, sender=room.members[0]) for each in super().slice(room, size, skip))
