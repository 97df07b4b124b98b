"""Planted bug: a number is sent as a string."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, RoomSummary

ID: Final = "fe16ops-unread-is-text"
API: Final = "fe16ops"
CLAUSE: Final = "2.A"
CHECK: Final = "response-schema"
ITEMS: Final = ("FEAT-5",)
SENTENCE: Final = "unread_count is a string of digits."


class Defect(Fe16ops):
    def show_conversation(self, viewer: Member, summary: RoomSummary) -> dict[str, object]:
        return {**super().show_conversation(viewer, summary), "unread_count": str(summary.unread)}
