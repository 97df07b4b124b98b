"""Planted bug: the end of a token is not looked at."""

from __future__ import annotations

from typing import Final

from reference_server.core.identity import Identity
from reference_server.core.records import Member

ID: Final = "fe16ops-token-is-compared-by-its-start"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "A token counts as valid when its first twelve characters are those of one that is."


class Defect(Identity):
    def bearer(self, token: str) -> Member:
        row = self._store.row("SELECT token FROM tokens WHERE substr(token, 1, 12) = ?", token[:12])
        return super().bearer(row["token"] if row else token)
