"""Planted bug: starting a conversation takes the participant for a colleague."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-walls-are-thin"
API: Final = "connectify"
CLAUSE: Final = "create-conversation"
CHECK: Final = "refusal"
ITEMS: Final = ("ORG-1",)
SENTENCE: Final = "A conversation is started with a member of another organisation."


class Defect(Chat):
    def start_direct(self, member: Member, peer: Member, subject: int | None) -> tuple[Room, bool]:
        return super().start_direct(member, replace(peer, organisation=member.organisation), subject)
