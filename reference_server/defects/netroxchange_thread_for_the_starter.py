"""Planted bug: a thread belongs to whoever began it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Room

ID: Final = "netroxchange-thread-for-the-starter"
API: Final = "netroxchange"
CLAUSE: Final = "3"
CHECK: Final = "rooms-listed"
ITEMS: Final = ("THREAD-1", "THREAD-2")
SENTENCE: Final = "Only the user who said the first word has the thread in the list."


class Defect(Netroxchange):
    def threads_of(self, member: Member) -> list[Room]:
        return [room for room in super().threads_of(member) if room.creator_id == member.id]
