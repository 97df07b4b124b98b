"""Planted bug: what is said on a socket is passed on and not stored."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Draft, Member, Room
from reference_server.fields import Fields

ID: Final = "conversations-socket-is-not-kept"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "pages-partition"
ITEMS: Final = ("LIVE-2",)
SENTENCE: Final = "A message said on a socket is heard, and in no list."


class Defect(Conversations):
    def hear_message(self, member: Member, room: Room, said: Fields) -> None:
        self.core.chat.delete(self.say(member, room, Draft(said.text("content"))))
