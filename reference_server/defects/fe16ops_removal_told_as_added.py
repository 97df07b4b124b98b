"""Planted bug: what is told of a reaction does not say what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Reaction

ID: Final = "fe16ops-removal-told-as-added"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "event-content"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "reaction_updated says reacted: true when the reaction was removed."


class Defect(Fe16ops):
    def show_reaction(self, reaction: Reaction) -> dict[str, object]:
        return super().show_reaction(replace(reaction, in_force=True))
