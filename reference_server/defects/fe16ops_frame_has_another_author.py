"""Planted bug: the socket takes somebody else for the one who speaks."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.fields import Fields, parse_object

ID: Final = "fe16ops-frame-has-another-author"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "author-is-caller"
ITEMS: Final = ("MSG-2",)
SENTENCE: Final = "A message sent by a frame is stored and told as the other participant's."


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        body = Fields(parse_object(frame))
        text, room_id = body.text("message"), body.integer("conversation_id")
        room = self.core.chat.writable_room(member, room_id)
        author = next(each for each in room.members if each != member)
        message = self.core.chat.send(author, room, text)
        self.announce("new_message", room, member, message=self.show_message(message))
