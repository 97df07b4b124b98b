"""Planted bug: what is counted is what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-count-is-of-the-page"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "pages-partition"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "count is the number of messages in the page, not in the conversation."


class Defect(Fe16ops):
    def get_conversation(self, call: Call) -> Answer:
        answer = super().get_conversation(call)
        assert isinstance(answer.body, dict)
        return replace(answer, body={**answer.body, "count": len(answer.body["messages"])})
