"""Planted bug: a new room is made without the message that came with it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room

ID: Final = "connectify-initial-message-is-lost"
API: Final = "connectify"
CLAUSE: Final = "create-conversation"
CHECK: Final = "text-comes-back"
ITEMS: Final = (
    "CONV-1",
    "GRP-1",
)
SENTENCE: Final = "What was said on starting a room is not in it."


class Defect(Connectify):
    def say_first(self, member: Member, room: Room, text: str | None) -> None:
        """Nobody does."""
