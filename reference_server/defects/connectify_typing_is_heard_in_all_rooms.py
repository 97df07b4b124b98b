"""Planted bug: typing is told to members, not to the sockets of a room."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Member, Room

ID: Final = "connectify-typing-is-heard-in-all-rooms"
API: Final = "connectify"
CLAUSE: Final = "ws-receive-typing"
CHECK: Final = "delivery-stray"
ITEMS: Final = ("LIVE-6",)
SENTENCE: Final = "Who types in one room is heard to type on the others' sockets of all their rooms."


class Defect(Connectify):
    def announce_typing(self, room: Room, member: Member, *, is_typing: bool) -> None:
        event = {"type": "typing", "user_id": member.id, "username": member.username, "is_typing": is_typing}
        for each in room.others(member):
            for theirs in self.core.chat.rooms_of(each):
                self.core.hub.say([each.id], event, theirs.room.id)
