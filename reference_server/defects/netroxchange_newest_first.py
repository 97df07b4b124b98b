"""Planted bug: the order of another screen."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message

ID: Final = "netroxchange-newest-first"
API: Final = "netroxchange"
CLAUSE: Final = "1"
CHECK: Final = "message-order"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The messages with a user are listed newest first."


class Defect(Netroxchange):
    def said_between(self, member: Member, peer: Member) -> tuple[Message, ...]:
        return super().said_between(member, peer)[::-1]
