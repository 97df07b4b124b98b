"""Planted bug: a search gives all that it finds."""

from __future__ import annotations

from typing import Final

from reference_server.apis.rooms import Rooms

ID: Final = "rooms-search-has-no-limit"
API: Final = "rooms"
CLAUSE: Final = "search-messages"
CHECK: Final = "messages-across-rooms"
ITEMS: Final = ("SEARCH-2",)
SENTENCE: Final = "A search gives more than fifty messages."


class Defect(Rooms):
    def most_found(self) -> int:
        return 1_000_000
