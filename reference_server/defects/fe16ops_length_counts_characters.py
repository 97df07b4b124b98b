"""Planted bug: the length of an answer is counted in characters, and sent in bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.hub import encode
from reference_server.web import Answer, Call

ID: Final = "fe16ops-length-counts-characters"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "answered"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A page with more bytes than characters in it is cut off, since its Content-Length is too small."
)


class Defect(Fe16ops):
    def get_conversation(self, call: Call) -> Answer:
        answer = super().get_conversation(call)
        return replace(answer, headers={"content-length": str(len(encode(answer.body)))})
