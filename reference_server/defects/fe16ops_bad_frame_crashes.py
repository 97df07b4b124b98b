"""Planted bug: nobody expects a frame that is not as it should be."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.core.refusals import Invalid

ID: Final = "fe16ops-bad-frame-crashes"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "handshake-accepts"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A frame that is no message ends the socket with an internal error."


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        try:
            super().hear(member, frame)
        except Invalid as refusal:
            raise RuntimeError("unhandled") from refusal
