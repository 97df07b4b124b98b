"""Planted bug: who has not said to have stopped goes on typing."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat

ID: Final = "rooms-typing-never-expires"
API: Final = "rooms"
CLAUSE: Final = "typing-users"
CHECK: Final = "typing-expires"
ITEMS: Final = ("TYPE-3",)
SENTENCE: Final = "Who does not say that they have stopped is listed as typing for a year."


class Defect(Chat):
    def typing_seconds(self) -> float:
        return 365 * 24 * 3600
