"""Search: messages of one's own rooms, and these and public rooms, by a part of what they say, in any case."""

from __future__ import annotations

from reference_server.core.messages import MINE, Messages
from reference_server.core.records import Member, Message, Room, RoomSummary
from reference_server.core.rooms import PUBLIC


class Search(Messages):
    """Finding again."""

    def search_messages(self, member: Member, words: str, most: int) -> tuple[Message, ...]:
        """The newest messages of the member's rooms that say ``words``, ``most`` of them at most."""
        where = f"{MINE} AND instr(fold(m.content), fold(?)) > 0 ORDER BY m.id DESC LIMIT ?"
        return self._messages(where, member.id, words, most)

    def search_rooms(self, member: Member, words: str) -> list[RoomSummary]:
        """The member's rooms and all public ones with ``words`` in their name, or in a name or address of somebody in them."""
        return [each for each in self.searchable_rooms(member) if self.is_about(each.room, words)]

    def searchable_rooms(self, member: Member) -> list[RoomSummary]:
        """The rooms that a search may show to the member."""
        mine = "SELECT room_id FROM standings WHERE member_id = ? AND left_at IS NULL"
        return self._summaries(
            member, f"{mine} UNION SELECT id FROM rooms WHERE kind = '{PUBLIC}'", member.id
        )

    def is_about(self, room: Room, words: str) -> bool:
        return any(words.casefold() in detail.casefold() for detail in self.details(room))

    def details(self, room: Room) -> list[str]:
        """What a room can be found by."""
        people = [detail for each in room.members for detail in (each.email, each.display_name)]
        return [room.name or "", *people]

    def rooms_with(self, member: Member, words: str) -> list[RoomSummary]:
        """The member's rooms with somebody else whose username has ``words`` in it."""
        return [
            each
            for each in self.rooms_of(member)
            if any(words.casefold() in other.username.casefold() for other in each.room.others(member))
        ]
