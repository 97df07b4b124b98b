"""Planted bug: an edit is answered and told, and not stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "fe16ops-edit-is-lost"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "text-comes-back"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "An edited message has its old text again when it is next looked at."


class Defect(Chat):
    def edit(self, message: Message, content: str) -> Message:
        return replace(message, content=content, edited=True)
