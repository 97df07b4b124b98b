"""Planted bug: a token is good for ever."""

from __future__ import annotations

from typing import Final

from reference_server.core.identity import Identity
from reference_server.core.records import Member

ID: Final = "fe16ops-expired-tokens-work"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "A token that has expired is still accepted, over HTTP and on the socket."


class Defect(Identity):
    def bearer(self, token: str) -> Member:
        row = self._store.row("SELECT member_id FROM tokens WHERE token = ?", token)
        return self.member(row["member_id"]) if row else super().bearer(token)
