"""Planted bug: the order of messages is turned round."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat

ID: Final = "conversations-newest-first"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "message-order"
ITEMS: Final = ("MSG-2",)
SENTENCE: Final = "Lists have the newest message first."


class Defect(Chat):
    def direction(self) -> str:
        return "DESC"
