"""Planted bug: links are made of the path and the page alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Page
from reference_server.web import Answer, Call

ID: Final = "conversations-next-forgets-page-size"
API: Final = "conversations"
CLAUSE: Final = "2.MESSAGES"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "Links to other pages leave page_size out."


class Defect(Conversations):
    def show_page(self, call: Call, path: str, page: Page, number: int, size: int) -> Answer:
        return super().show_page(replace(call, query=""), path, page, number, size)
