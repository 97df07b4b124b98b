"""Planted bug: the list is not filtered by who asks."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, RoomSummary

ID: Final = "netroxchange-threads-of-all"
API: Final = "netroxchange"
CLAUSE: Final = "3"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("THREAD-1", "THREAD-2")
SENTENCE: Final = "The list has all threads there are, whoever takes part in them."


class Defect(Chat):
    def rooms_of(self, member: Member) -> list[RoomSummary]:
        return self._summaries(member, "SELECT id FROM rooms WHERE id > ?", 0)
