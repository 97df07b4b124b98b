"""Planted bug: a page may be as large as anybody likes."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import PAGE_SIZE, Conversations
from reference_server.web import Call

ID: Final = "conversations-page-size-has-no-limit"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "page-size"
ITEMS: Final = ("MSG-4",)
SENTENCE: Final = "A page_size of 600 gives 600 messages."


class Defect(Conversations):
    def page_size(self, call: Call) -> int:
        return call.page_size(PAGE_SIZE, 1_000_000)
