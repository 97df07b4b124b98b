"""Planted bug: the largest page is a fifth of what it should be."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import PAGE_SIZE, Conversations
from reference_server.web import Call

ID: Final = "conversations-page-size-stops-at-100"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "page-size"
ITEMS: Final = ("MSG-4",)
SENTENCE: Final = "A page never holds more than 100 messages."


class Defect(Conversations):
    def page_size(self, call: Call) -> int:
        return call.page_size(PAGE_SIZE, 100)
