"""Search: messages and rooms of one's own, by a part of what they say, in any case."""

from __future__ import annotations

from reference_server.core.messages import MINE, Messages
from reference_server.core.records import Member, Message, Room, RoomSummary


class Search(Messages):
    """Finding again."""

    def search_messages(self, member: Member, words: str, most: int) -> tuple[Message, ...]:
        """The newest messages of the member's rooms that say ``words``, ``most`` of them at most."""
        where = f"{MINE} AND instr(fold(m.content), fold(?)) > 0 ORDER BY m.id DESC LIMIT ?"
        return self._messages(where, member.id, words, most)

    def search_rooms(self, member: Member, words: str) -> list[RoomSummary]:
        """The member's rooms with ``words`` in their name, or in a name or address of somebody else in them."""
        return [each for each in self.rooms_of(member) if self.is_about(each.room, member, words)]

    def is_about(self, room: Room, member: Member, words: str) -> bool:
        details = [room.name or ""]
        for each in room.others(member):
            details += [each.username, each.email, each.display_name]
        return any(words.casefold() in detail.casefold() for detail in details)

    def rooms_with(self, member: Member, words: str) -> list[RoomSummary]:
        """The member's rooms with somebody else whose username has ``words`` in it."""
        return [
            each
            for each in self.rooms_of(member)
            if any(words.casefold() in other.username.casefold() for other in each.room.others(member))
        ]
