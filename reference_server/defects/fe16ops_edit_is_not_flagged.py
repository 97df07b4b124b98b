"""Planted bug: an edit changes the text and leaves no trace of itself."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "fe16ops-edit-is-not-flagged"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "edited-is-flagged"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "An edited message still says is_edited: false; the text changes and the event is sent."


class Defect(Chat):
    def write_edit(self, message: Message, content: str) -> None:
        self._store.run("UPDATE messages SET content = ? WHERE id = ?", content, message.id)
