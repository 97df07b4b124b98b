"""Planted bug: somebody has mended the spelling, on the server alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Room

ID: Final = "netroxchange-created-is-corrected"
API: Final = "netroxchange"
CLAUSE: Final = "3"
CHECK: Final = "response-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A thread has created where the document has craeted."


class Defect(Netroxchange):
    def show_thread(self, room: Room) -> dict[str, object]:
        shown = super().show_thread(room)
        shown["created"] = shown.pop("craeted")
        return shown
