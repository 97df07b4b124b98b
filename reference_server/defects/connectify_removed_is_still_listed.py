"""Planted bug: the list of group chats shows as members all who ever were."""

from __future__ import annotations

from typing import Final

from reference_server.apis import _connectify_shapes as shapes
from reference_server.apis._connectify_live import GROUP
from reference_server.apis.connectify import Connectify
from reference_server.core.records import RoomSummary, Standing
from reference_server.core.rooms import MEMBER

ID: Final = "connectify-removed-is-still-listed"
API: Final = "connectify"
CLAUSE: Final = "remove-member"
CHECK: Final = "room-shows-its-members"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The list of group chats still shows as members those who have left or were removed."


class Defect(Connectify):
    def show_summary(self, summary: RoomSummary) -> dict[str, object]:
        room, shown = summary.room, super().show_summary(summary)
        if room.kind != GROUP:
            return shown
        rows = self.core.store.rows(
            "SELECT member_id, joined_at FROM standings WHERE room_id = ? AND left_at IS NOT NULL", room.id
        )
        gone = [
            Standing(self.core.identity.member(row["member_id"]), MEMBER, row["joined_at"]) for row in rows
        ]
        return {**shown, "members": [shapes.membership(each) for each in (*room.standings, *gone)]}
