"""Planted bug: an edit stores the message anew, and nothing of what belongs to it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "fe16ops-edit-drops-reactions"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "An edited message has no reactions any more."


class Defect(Chat):
    def write_edit(self, message: Message, content: str) -> None:
        super().write_edit(message, content)
        self._store.run("DELETE FROM reactions WHERE message_id = ?", message.id)
