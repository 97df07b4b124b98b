"""Planted bug: a frame is taken to have what it has to have."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member
from reference_server.fields import Fields

ID: Final = "netroxchange-bad-frame-crashes"
API: Final = "netroxchange"
CLAUSE: Final = "socket"
CHECK: Final = "handshake-accepts"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A text without a receiver_id ends its socket with an internal error."


class Defect(Netroxchange):
    def hear_text(self, member: Member, said: Fields) -> None:
        if "receiver_id" not in said.values:
            raise KeyError("receiver_id")
        super().hear_text(member, said)
