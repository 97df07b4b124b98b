"""Planted bug: a token that nobody holds is somebody's."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.core.refusals import Anonymous

ID: Final = "fe16ops-any-token-will-do"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "A request with any token at all is let in, as the first member there is."


class Defect(Fe16ops):
    def authenticate(self, headers: Headers) -> Member:
        try:
            return super().authenticate(headers)
        except Anonymous:
            if not headers.get("authorization", "").startswith("Token "):
                raise
            return self.core.members[0]
