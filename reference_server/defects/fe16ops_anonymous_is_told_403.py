"""Planted bug: whoever has no token is forbidden instead of asked for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.refusals import Anonymous, Refusal
from reference_server.web import Answer

ID: Final = "fe16ops-anonymous-is-told-403"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "A request without a valid token is refused with a 403 where the document has a 401."


class Defect(Fe16ops):
    def refuse(self, refusal: Refusal) -> Answer:
        answer = super().refuse(refusal)
        return replace(answer, status=403) if isinstance(refusal, Anonymous) else answer
