"""Planted bug: the message that comes with a start is stored, and told to nobody."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-start-message-unheard"
API: Final = "fe16ops"
CLAUSE: Final = "2.B"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The message that a conversation was started with is stored without a new_message."


class Defect(Fe16ops):
    def say_first(self, member: Member, room: Room, text: str) -> None:
        self.core.chat.send(member, room, text)
