"""Planted bug: changing roles excuses oneself, as removing does."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room, Standing

ID: Final = "connectify-member-promotes-self"
API: Final = "connectify"
CLAUSE: Final = "change-role"
CHECK: Final = "refusal"
ITEMS: Final = ("GRP-12",)
SENTENCE: Final = "A member who is no admin changes their own role."


class Defect(Chat):
    def change_role(self, member: Member, room: Room, other_id: int, role: str) -> Standing:
        if member.id == other_id and not self.is_admin(member, room):
            self.set_role(room, member, role)
            return self.standing_in(self.room(room.id), other_id)
        return super().change_role(member, room, other_id, role)
