"""Planted bug: an edit stores the message anew."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "fe16ops-edit-renews-the-time"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "rest-equals-socket"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "An edited message has the time of the edit as its created_at."


class Defect(Chat):
    def write_edit(self, message: Message, content: str) -> None:
        super().write_edit(message, content)
        now = self._clock.stamp()
        self._store.run("UPDATE messages SET created_at = ? WHERE id = ?", now, message.id)
