"""Planted bug: lifting a block asks for its id alone."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "connectify-anybody-unblocks"
API: Final = "connectify"
CLAUSE: Final = "unblock"
CHECK: Final = "refusal"
ITEMS: Final = ("BLK-6",)
SENTENCE: Final = "A block is lifted by whoever knows its id, the one it blocks among them."


class Defect(Chat):
    def may_unblock(self, member: Member, blocker_id: int) -> bool:
        return True
