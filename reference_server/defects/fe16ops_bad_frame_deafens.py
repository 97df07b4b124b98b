"""Planted bug: a frame that is not as it should be ends what sends, and not the socket."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.core.refusals import Invalid

ID: Final = "fe16ops-bad-frame-deafens"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "After a frame that is no message, its sender's sockets stay open and hear nothing any more."
)


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        try:
            super().hear(member, frame)
        except Invalid:
            for ear in self.core.hub.ears_of(member.id):
                ear.overflowed = True
            raise
