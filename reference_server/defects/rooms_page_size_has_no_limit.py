"""Planted bug: a page is as long as is asked for."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import PAGE_SIZE, Rooms
from reference_server.web import Call

ID: Final = "rooms-page-size-has-no-limit"
API: Final = "rooms"
CLAUSE: Final = "list-messages"
CHECK: Final = "page-size"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "A page_size of 150 gives 150."


class Defect(Rooms):
    def page_size(self, call: Call) -> int:
        return call.page_size(PAGE_SIZE, 1_000_000)
