"""Planted bug: typing is forgotten after three seconds."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat

ID: Final = "rooms-typing-expires-early"
API: Final = "rooms"
CLAUSE: Final = "typing-users"
CHECK: Final = "typing-expires"
ITEMS: Final = ("TYPE-3",)
SENTENCE: Final = "Who typed four seconds ago is not listed any more."


class Defect(Chat):
    def typing_seconds(self) -> float:
        return 3
