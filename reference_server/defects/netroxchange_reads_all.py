"""Planted bug: the list is filtered by the caller alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message

ID: Final = "netroxchange-reads-all"
API: Final = "netroxchange"
CLAUSE: Final = "1"
CHECK: Final = "pages-partition"
ITEMS: Final = ("READ-1",)
SENTENCE: Final = "The messages with a user hold those of the caller with others as well."

ALL: Final = 2**31


class Defect(Netroxchange):
    def said_between(self, member: Member, peer: Member) -> tuple[Message, ...]:
        return self.core.chat.page_of_all(member, 1, ALL).messages
