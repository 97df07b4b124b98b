"""Planted bug: a room's new name is answered and not stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room

ID: Final = "rooms-new-name-is-not-kept"
API: Final = "rooms"
CLAUSE: Final = "room"
CHECK: Final = "room-keeps-its-name"
ITEMS: Final = ("ROOM-7",)
SENTENCE: Final = "A room that is given another name says so, and is called by its old one from then on."


class Defect(Chat):
    def rename(self, room: Room, name: str | None) -> Room:
        return replace(room, name=name)
