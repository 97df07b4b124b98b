"""Planted bug: only the beginning of typing is passed on."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room
from reference_server.fields import Fields

ID: Final = "conversations-stop-typing-is-not-told"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "delivery-lost"
ITEMS: Final = ("LIVE-3",)
SENTENCE: Final = "That somebody has stopped typing is told to nobody."


class Defect(Conversations):
    def hear_typing(self, member: Member, room: Room, said: Fields) -> None:
        if said.boolean("is_typing"):
            super().hear_typing(member, room, said)
