"""Planted bug: a reaction is set, never toggled."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Change

ID: Final = "fe16ops-same-again-stays"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("FEAT-2",)
SENTENCE: Final = "Reacting in the same way again leaves the reaction, and is answered as an update."


class Defect(Chat):
    def change(self, before: str | None, value: str) -> Change:
        return Change.ADDED if before is None else Change.UPDATED
