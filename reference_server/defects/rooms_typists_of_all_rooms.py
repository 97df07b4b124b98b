"""Planted bug: who types anywhere is listed everywhere."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room, Typist

ID: Final = "rooms-typists-of-all-rooms"
API: Final = "rooms"
CLAUSE: Final = "typing-users"
CHECK: Final = "typing-expires"
ITEMS: Final = ("TYPE-2",)
SENTENCE: Final = "The list of who types in a room has those of all rooms."


class Defect(Chat):
    def typists(self, room: Room) -> list[Typist]:
        found: dict[Member, Typist] = {}
        for row in self._store.rows("SELECT id FROM rooms WHERE deleted_at IS NULL"):
            found.update((each.member, each) for each in super().typists(self.room(row["id"])))
        return list(found.values())
