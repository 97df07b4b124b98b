"""Planted bug: the socket looks tokens up by itself, and forgets that they end."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import QueryParams

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member

ID: Final = "fe16ops-socket-takes-expired-tokens"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "handshake-refuses"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A socket opens with a token that has expired, and hears what its member hears; HTTP refuses it."
)


class Defect(Fe16ops):
    def admit(self, query: QueryParams) -> Member:
        row = self.core.store.row("SELECT member_id FROM tokens WHERE token = ?", query.get("token"))
        return self.core.identity.member(row["member_id"]) if row else super().admit(query)
