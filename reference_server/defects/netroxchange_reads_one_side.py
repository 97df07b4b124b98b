"""Planted bug: the list is filtered by the sender."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message

ID: Final = "netroxchange-reads-one-side"
API: Final = "netroxchange"
CLAUSE: Final = "1"
CHECK: Final = "pages-partition"
ITEMS: Final = ("SEND-3", "SEND-4", "READ-2", "FILE-1")
SENTENCE: Final = "The messages with a user are only those that the caller sent."


class Defect(Netroxchange):
    def said_between(self, member: Member, peer: Member) -> tuple[Message, ...]:
        return tuple(each for each in super().said_between(member, peer) if each.sender == member)
