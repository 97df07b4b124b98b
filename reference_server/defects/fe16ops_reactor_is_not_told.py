"""Planted bug: whoever acts is thought to know."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops

ID: Final = "fe16ops-reactor-is-not-told"
API: Final = "fe16ops"
CLAUSE: Final = "5.FEAT"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("FEAT-4",)
SENTENCE: Final = "reaction_updated does not reach the member who reacted."


class Defect(Fe16ops):
    def actor_hears(self, kind: str) -> bool:
        return False
