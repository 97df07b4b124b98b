"""Planted bug: deleting leaves no trace, not even of the id."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Message

ID: Final = "fe16ops-ids-come-again"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "ids-are-unique"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A deleted message's row is erased, and where it was the newest the next message gets its id."
)


class Defect(Chat):
    def delete(self, message: Message) -> None:
        for table, key in (("reactions", "message_id"), ("message_reads", "message_id"), ("messages", "id")):
            self._store.run(f"DELETE FROM {table} WHERE {key} = ?", message.id)
