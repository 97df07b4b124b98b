"""Planted bug: what a client says is passed on as if the server had said it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.fields import Fields, parse_object

ID: Final = "fe16ops-frame-speaks-for-the-server"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "event-has-a-cause"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A frame with a type and a conversation is handed to the other participant as it is, and so forges any event."


class Defect(Fe16ops):
    def hear(self, member: Member, frame: str) -> None:
        body = parse_object(frame)
        if "type" in body:
            room = self.core.chat.writable_room(member, Fields(body).integer("conversation_id"))
            self.core.hub.say(self.audience(str(body["type"]), room, member), body)
        else:
            super().hear(member, frame)
