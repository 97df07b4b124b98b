"""Planted bug: links to other pages are made without what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reference_server.apis.rooms import Rooms
from reference_server.web import Call

ID: Final = "rooms-next-forgets-page-size"
API: Final = "rooms"
CLAUSE: Final = "list-messages"
CHECK: Final = "pages-partition"
ITEMS: Final = ("MSG-3",)
SENTENCE: Final = "Links to other pages leave page_size out."


class Defect(Rooms):
    def page(
        self, call: Call, path: str, number: int, size: int, count: int, shown: Sequence[object]
    ) -> dict[str, object]:
        return super().page(replace(call, query=""), path, number, size, count, shown)
