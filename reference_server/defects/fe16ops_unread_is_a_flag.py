"""Planted bug: somebody stores whether, not how many."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-unread-is-a-flag"
API: Final = "fe16ops"
CLAUSE: Final = "2.A"
CHECK: Final = "unread-count"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = "unread_count is 1 however many messages are unread."


class Defect(Chat):
    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        return [replace(each, unread=min(each.unread, 1)) for each in super()._summaries(member, ids, value)]
