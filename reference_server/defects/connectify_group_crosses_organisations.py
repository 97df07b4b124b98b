"""Planted bug: creating a group chat takes all who are named for colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-group-crosses-organisations"
API: Final = "connectify"
CLAUSE: Final = "create-group"
CHECK: Final = "refusal"
ITEMS: Final = ("ORG-2",)
SENTENCE: Final = "A group chat is created with a member of another organisation."


class Defect(Chat):
    def start_room(
        self,
        member: Member,
        kind: str,
        others: Sequence[Member],
        name: str | None = None,
        description: str | None = None,
    ) -> Room:
        colleagues = [replace(each, organisation=member.organisation) for each in others]
        return super().start_room(member, kind, colleagues, name, description)
