"""Planted bug: who may read a public room may write there."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member, Room

ID: Final = "rooms-public-writes-unjoined"
API: Final = "rooms"
CLAUSE: Final = "model-room"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Somebody who has not joined a public room sends to it over HTTP."


class Defect(Chat):
    def writable_room(self, member: Member, room_id: int) -> Room:
        return self.readable_room(member, room_id)
