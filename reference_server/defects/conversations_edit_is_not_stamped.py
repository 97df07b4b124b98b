"""Planted bug: an edit changes the text alone."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "conversations-edit-is-not-stamped"
API: Final = "conversations"
CLAUSE: Final = "3.EDIT"
CHECK: Final = "edited-is-flagged"
ITEMS: Final = ("ALL-4",)
SENTENCE: Final = "An edited message has its new text, and no edited_at."


class Defect(Chat):
    def write_edit(self, message: Message, content: str) -> None:
        self._store.run("UPDATE messages SET content = ? WHERE id = ?", content, message.id)
