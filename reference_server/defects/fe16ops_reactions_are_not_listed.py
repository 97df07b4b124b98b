"""Planted bug: a message is shown without what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Reaction

ID: Final = "fe16ops-reactions-are-not-listed"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "reactions-follow-the-rule"
ITEMS: Final = ("FEAT-1", "FEAT-3")
SENTENCE: Final = "reactions is always empty."


class Defect(Chat):
    def _reactions(self, message_ids: Sequence[int]) -> dict[int, list[Reaction]]:
        return {}
