"""Planted bug: an edit leaves no mark."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "rooms-edit-is-not-marked"
API: Final = "rooms"
CLAUSE: Final = "update-message"
CHECK: Final = "edited-is-flagged"
ITEMS: Final = ("MSG-5",)
SENTENCE: Final = "An edit changes the text, and the message does not show it."


class Defect(Chat):
    def write_edit(self, message: Message, content: str) -> None:
        self._store.run("UPDATE messages SET content = ? WHERE id = ?", content, message.id)
