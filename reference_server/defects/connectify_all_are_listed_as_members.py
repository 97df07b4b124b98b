"""Planted bug: the list of group chats knows no roles."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _connectify_shapes as shapes
from reference_server.apis._connectify_live import GROUP
from reference_server.apis.connectify import Connectify
from reference_server.core.records import RoomSummary
from reference_server.core.rooms import MEMBER

ID: Final = "connectify-all-are-listed-as-members"
API: Final = "connectify"
CLAUSE: Final = "change-role"
CHECK: Final = "room-shows-its-members"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The list of group chats shows admins as plain members."


class Defect(Connectify):
    def show_summary(self, summary: RoomSummary) -> dict[str, object]:
        shown = super().show_summary(summary)
        if summary.room.kind != GROUP:
            return shown
        return {
            **shown,
            "members": [{**shapes.membership(each), "role": MEMBER} for each in summary.room.standings],
        }
