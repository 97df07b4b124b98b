"""Planted bug: a message is always new to its reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.rooms import Rooms

ID: Final = "rooms-already-read-lies"
API: Final = "rooms"
CLAUSE: Final = "mark-message-read"
CHECK: Final = "already-read-is-told"
ITEMS: Final = ("READ-1",)
SENTENCE: Final = "Marking a message as read always says that it had not been read before."


class Defect(Rooms):
    def marked(self, *, new: bool) -> Mapping[str, object]:
        return super().marked(new=True)
