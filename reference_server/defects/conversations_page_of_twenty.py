"""Planted bug: the usual size of a page is another one."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import LARGEST_PAGE, Conversations
from reference_server.web import Call

ID: Final = "conversations-page-of-twenty"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "page-size"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "A page has 20 messages where page_size is left out."


class Defect(Conversations):
    def page_size(self, call: Call) -> int:
        return call.page_size(20, LARGEST_PAGE)
