"""Planted bug: changing roles asks whether the caller is in the group chat, not as what."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-anybody-changes-roles"
API: Final = "connectify"
CLAUSE: Final = "change-role"
CHECK: Final = "refusal"
ITEMS: Final = ("GRP-12",)
SENTENCE: Final = "A member who is no admin changes roles."


class Defect(Chat):
    def may_change_roles(self, member: Member, room: Room) -> bool:
        return True
