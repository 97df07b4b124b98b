"""Planted bug: a page is as long as the caller asks."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import PAGE_SIZE, Connectify
from reference_server.core.records import Room
from reference_server.web import Call

ID: Final = "connectify-page-size-has-no-limit"
API: Final = "connectify"
CLAUSE: Final = "conversation-messages"
CHECK: Final = "page-size"
ITEMS: Final = ("CONV-7",)
SENTENCE: Final = "A page of 150 messages is given to whoever asks for it."


class Defect(Connectify):
    def page_size(self, call: Call, room: Room) -> int:
        return call.page_size(PAGE_SIZE, 10**6)
