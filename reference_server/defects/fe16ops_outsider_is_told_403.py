"""Planted bug: a refusal admits that the conversation exists."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.refusals import Outsider, Refusal
from reference_server.web import Answer

ID: Final = "fe16ops-outsider-is-told-403"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-2", "AUTH-3", "AUTH-4")
SENTENCE: Final = "An outsider is refused with a 403 where the document has a 404."


class Defect(Fe16ops):
    def refuse(self, refusal: Refusal) -> Answer:
        answer = super().refuse(refusal)
        return replace(answer, status=403) if isinstance(refusal, Outsider) else answer
