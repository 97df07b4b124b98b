"""Planted bug: read_at is never filled in."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Message

ID: Final = "conversations-read-without-time"
API: Final = "conversations"
CLAUSE: Final = "3.READ"
CHECK: Final = "response-schema"
ITEMS: Final = ("ALL-3",)
SENTENCE: Final = "A message that was read says so, without a time."


class Defect(Conversations):
    def read_at(self, message: Message) -> str | None:
        return None
