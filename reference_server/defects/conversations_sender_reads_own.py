"""Planted bug: marking as read does not ask who wrote the message."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Message, Read

ID: Final = "conversations-sender-reads-own"
API: Final = "conversations"
CLAUSE: Final = "3.READ"
CHECK: Final = "event-has-a-cause"
ITEMS: Final = ("ALL-3",)
SENTENCE: Final = "A message is read as soon as its own sender marks it."


class Defect(Chat):
    def read_one(self, member: Member, message: Message) -> Read | None:
        now = self._clock.stamp()
        added = self._store.run(
            "INSERT INTO message_reads VALUES (?, ?, ?) ON CONFLICT DO NOTHING", message.id, member.id, now
        )
        return Read(message.id, member, now) if added else None
