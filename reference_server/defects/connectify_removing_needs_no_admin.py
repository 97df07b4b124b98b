"""Planted bug: removing asks whether the caller is in the group chat, not as what."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "connectify-removing-needs-no-admin"
API: Final = "connectify"
CLAUSE: Final = "remove-member"
CHECK: Final = "refusal"
ITEMS: Final = ("GRP-9",)
SENTENCE: Final = "A member who is no admin removes another one."


class Defect(Chat):
    def may_remove(self, member: Member, room: Room, leaver_id: int) -> bool:
        return True
