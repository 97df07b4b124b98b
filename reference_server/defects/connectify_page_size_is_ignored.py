"""Planted bug: the pages of group chats have one size."""

from __future__ import annotations

from typing import Final

from reference_server.apis._connectify_live import GROUP
from reference_server.apis.connectify import PAGE_SIZE, Connectify
from reference_server.core.records import Room
from reference_server.web import Call

ID: Final = "connectify-page-size-is-ignored"
API: Final = "connectify"
CLAUSE: Final = "group-messages"
CHECK: Final = "page-size"
ITEMS: Final = ("CONV-7",)
SENTENCE: Final = "In group chats a page has twenty messages, whatever the caller asks for."


class Defect(Connectify):
    def page_size(self, call: Call, room: Room) -> int:
        return PAGE_SIZE if room.kind == GROUP else super().page_size(call, room)
