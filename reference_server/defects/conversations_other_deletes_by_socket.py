"""Planted bug: on the socket, deleting asks whether the message is in the conversation, not who wrote it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member, Room
from reference_server.fields import Fields

ID: Final = "conversations-other-deletes-by-socket"
API: Final = "conversations"
CLAUSE: Final = "3.DELETE"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final = ("ALL-7",)
SENTENCE: Final = "A participant deletes what the other one wrote, with a frame; by HTTP it is refused."


class Defect(Conversations):
    def hear_delete(self, member: Member, room: Room, said: Fields) -> None:
        self.delete(member, self.core.chat.message_in(room, said.integer("message_id")))
