"""Planted bug: a search for rooms looks at their names alone."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room

ID: Final = "rooms-search-forgets-names"
API: Final = "rooms"
CLAUSE: Final = "search-rooms"
CHECK: Final = "search-finds"
ITEMS: Final = ("SEARCH-4",)
SENTENCE: Final = "A search for rooms does not find them by who is in them."


class Defect(Chat):
    def details(self, room: Room) -> list[str]:
        return [room.name or ""]
