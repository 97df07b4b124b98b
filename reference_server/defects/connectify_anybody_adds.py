"""Planted bug: adding asks whether the caller is in the group chat, not as what."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-anybody-adds"
API: Final = "connectify"
CLAUSE: Final = "add-members"
CHECK: Final = "refusal"
ITEMS: Final = ("GRP-7",)
SENTENCE: Final = "A member who is no admin adds others."


class Defect(Chat):
    def may_add(self, member: Member, room: Room) -> bool:
        return True
