"""Planted bug: the socket does not ask whether its member takes part in the conversation."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.fields import Fields, parse_object

ID: Final = "fe16ops-outsider-frame-is-heard"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "refused-changes-nothing"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "A frame sends a message to a conversation that its sender is not in; HTTP refuses the same."
)


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        body = Fields(parse_object(frame))
        text, room_id = body.text("message"), body.integer("conversation_id")
        room = self.core.chat.room(room_id)
        self.announce_message(room, self.core.chat.send(member, room, text))
