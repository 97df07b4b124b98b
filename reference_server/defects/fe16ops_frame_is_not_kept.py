"""Planted bug: what comes by the socket is passed on, and not stored."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.fields import Fields, parse_object

ID: Final = "fe16ops-frame-is-not-kept"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "pages-partition"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message sent by a frame is heard by the other participant and is in no page."


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        body = Fields(parse_object(frame))
        room = self.core.chat.writable_room(member, body.integer("conversation_id"))
        message = self.core.chat.send(member, room, body.text("message"))
        self.announce_message(room, message)
        self.core.chat.delete(message)
