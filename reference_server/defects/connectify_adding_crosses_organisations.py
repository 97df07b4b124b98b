"""Planted bug: the organisation is looked at on creating a group chat, not on adding to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-adding-crosses-organisations"
API: Final = "connectify"
CLAUSE: Final = "overview"
CHECK: Final = "refusal"
ITEMS: Final = ("ORG-3",)
SENTENCE: Final = "A member of another organisation is added to a group chat."


class Defect(Chat):
    def add_members(self, member: Member, room: Room, newcomers: Sequence[Member]) -> Room:
        colleagues = [replace(each, organisation=member.organisation) for each in newcomers]
        return super().add_members(member, room, colleagues)
