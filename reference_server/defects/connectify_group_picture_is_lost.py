"""Planted bug: the picture that a group chat is created with is taken and not kept."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room, Upload

ID: Final = "connectify-group-picture-is-lost"
API: Final = "connectify"
CLAUSE: Final = "create-group"
CHECK: Final = "room-keeps-its-picture"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A group chat that was created with an avatar says avatar: null."


class Defect(Chat):
    def set_avatar(self, room: Room, upload: Upload) -> Room:
        return room
