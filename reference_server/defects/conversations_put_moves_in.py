"""Planted bug: what a PUT says about participants is believed."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Room
from reference_server.core.refusals import Absent
from reference_server.fields import Fields

ID: Final = "conversations-put-moves-in"
API: Final = "conversations"
CLAUSE: Final = "endpoints"
CHECK: Final = "response-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A PUT with participants lets them into the conversation."


class Defect(Conversations):
    def update(self, room: Room, body: Fields) -> Room:
        for each in body.integers("participants"):
            try:
                newcomer = self.core.identity.member(each)
            except Absent:
                continue
            if newcomer not in room.members:
                self.core.chat.enter(room.id, newcomer, "member")
        return self.core.chat.room(room.id)
