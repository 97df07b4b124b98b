"""Planted bug: whoever starts is told that something was created."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations

ID: Final = "conversations-start-always-201"
API: Final = "conversations"
CLAUSE: Final = "1.START"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("CONV-5",)
SENTENCE: Final = "Starting again answers 201 with the conversation there is."


class Defect(Conversations):
    def status_of_start(self, created: bool) -> int:
        return 201
