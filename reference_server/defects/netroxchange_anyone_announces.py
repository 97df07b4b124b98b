"""Planted bug: the announcement asks whose file it is, and not who asks."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message

ID: Final = "netroxchange-anyone-announces"
API: Final = "netroxchange"
CLAUSE: Final = "file"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Whoever names the chat_id of somebody else's file makes its receiver hear of it."


class Defect(Netroxchange):
    def own_message(self, member: Member, message_id: int) -> Message:
        row = self.core.store.row("SELECT sender_id FROM messages WHERE id = ?", message_id)
        sender = self.core.identity.member(row["sender_id"]) if row else member
        return super().own_message(sender, message_id)
