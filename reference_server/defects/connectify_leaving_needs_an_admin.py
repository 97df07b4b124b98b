"""Planted bug: removing asks for an admin, also of those who want to leave."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-leaving-needs-an-admin"
API: Final = "connectify"
CLAUSE: Final = "remove-member"
CHECK: Final = "members-are-served"
ITEMS: Final = ("GRP-10",)
SENTENCE: Final = "A member who is no admin can't leave."


class Defect(Chat):
    def may_remove(self, member: Member, room: Room, leaver_id: int) -> bool:
        return self.is_admin(member, room)
