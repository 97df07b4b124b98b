"""Planted bug: an id is looked up in a column that is too small for it."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Room

ID: Final = "fe16ops-large-id-crashes"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "server-error"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A conversation id of more than 31 bits is answered with a 500."


class Defect(Chat):
    def room(self, room_id: int) -> Room:
        if room_id >= 2**31:
            raise OverflowError("integer out of range")
        return super().room(room_id)
