"""Rooms: how they begin, who may do what in them, how they are listed, renamed and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from reference_server.core.records import Member, Room, RoomSummary
from reference_server.core.refusals import Absent, Blocked, Invalid, NotAnAdmin, OtherOrganisation, Outsider
from reference_server.core.walls import Walls

DIRECT: Final = "direct"
PUBLIC: Final = "public"
ADMIN: Final = "admin"
MEMBER: Final = "member"


class Rooms(Walls):
    """Rooms of every kind."""

    # How they begin

    def start_direct(self, member: Member, peer: Member, subject: int | None) -> tuple[Room, bool]:
        """The room of these two, and whether it was made just now.

        Raises Invalid for a room with oneself, then OtherOrganisation, and Blocked for one that would be new.
        """
        if member.id == peer.id:
            raise Invalid("You can't start a conversation with yourself")
        if not self.shares_organisation(member, peer):
            raise OtherOrganisation("The participant doesn't belong to this organization", peer.id)
        pair = self.pair_key(member, peer)
        known = self._store.row("SELECT id FROM rooms WHERE pair = ? AND deleted_at IS NULL", pair)
        if known is not None:
            return self.room(known["id"]), False
        self.check_peer(member, peer)
        return self._found(DIRECT, member, self.founders(member, peer), pair=pair, subject=subject), True

    def pair_key(self, one: Member, other: Member) -> str | None:
        """What a direct room is unique by: its two members, whoever asks."""
        return f"{min(one.id, other.id)}:{max(one.id, other.id)}"

    def founders(self, member: Member, peer: Member) -> tuple[Member, ...]:
        """Who is in a room that ``member`` starts with ``peer``."""
        return member, peer

    def check_peer(self, member: Member, peer: Member) -> None:
        """Raises Blocked when ``peer`` has blocked ``member``."""
        if self.is_blocked(member, peer):
            raise Blocked("You have been blocked by this user", (peer.username,))

    def known_direct(self, member: Member, peer: Member) -> Room | None:
        """The room of these two, None where there is none yet."""
        pair = self.pair_key(member, peer)
        known = self._store.row("SELECT id FROM rooms WHERE pair = ? AND deleted_at IS NULL", pair)
        return self.room(known["id"]) if known else None

    def start_room(
        self,
        member: Member,
        kind: str,
        others: Sequence[Member],
        name: str | None = None,
        description: str | None = None,
    ) -> Room:
        """A new room that ``member`` is the admin of; naming somebody twice, or oneself, changes nothing.

        Raises OtherOrganisation, then Blocked: either way there is no room.
        """
        self.check_organisation(member, others)
        self.check_not_blocked(member, others)
        return self._found(kind, member, (member, *others), name=name, description=description)

    def _found(
        self,
        kind: str,
        creator: Member,
        members: Sequence[Member],
        pair: str | None = None,
        subject: int | None = None,
        name: str | None = None,
        description: str | None = None,
    ) -> Room:
        now = self._clock.stamp()
        number = self._store.number("SELECT coalesce(max(number), 0) + 1 FROM rooms WHERE kind = ?", kind)
        room_id = self._store.insert(
            """INSERT INTO rooms (kind, pair, subject, uuid, number, name, description, creator_id, organisation,
               created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            *(kind, pair, subject, str(uuid.uuid4()), number, name, description),
            *(creator.id, creator.organisation, now, now),
        )
        for each in dict.fromkeys(members):
            self.enter(room_id, each, ADMIN if each == creator and kind != DIRECT else MEMBER)
        return self.room(room_id)

    def enter(self, room_id: int, member: Member, role: str) -> None:
        """Give ``member`` a standing from now on. Who was in before comes back as the newest."""
        self._store.run(
            "INSERT OR REPLACE INTO standings (room_id, member_id, role, joined_at) VALUES (?, ?, ?, ?)",
            *(room_id, member.id, role, self._clock.stamp()),
        )

    # Who may do what

    def room(self, room_id: int) -> Room:
        """Whoever asks. Raises Absent, also when it was deleted."""
        rooms = self._rooms("SELECT ?", room_id)
        if room_id not in rooms:
            raise Absent("No such conversation")
        return rooms[room_id]

    def room_for(self, member: Member, room_id: int) -> Room:
        """A room the member is in. Raises Absent and Outsider."""
        room = self.room(room_id)
        if member not in room.members:
            raise Outsider("Not in this conversation")
        return room

    def readable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may read: their own, or one that is public. Raises Absent and Outsider."""
        room = self.room(room_id)
        return room if self.is_public(room) else self.room_for(member, room_id)

    def is_public(self, room: Room) -> bool:
        """Whether anybody may read the room, and join it."""
        return room.kind == PUBLIC

    def writable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may send to. Raises Absent, Outsider, and Blocked where the peer of a direct room says so."""
        room = self.room_for(member, room_id)
        if room.kind == DIRECT:
            for peer in room.others(member):
                self.check_peer(member, peer)
        return room

    def markable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may mark as read. Raises Absent and Outsider."""
        return self.room_for(member, room_id)

    def owned_room(self, member: Member, room_id: int) -> Room:
        """A room the member has made. Raises Absent, Outsider and NotAnAdmin."""
        room = self.room_for(member, room_id)
        if not self.is_owner(member, room):
            raise NotAnAdmin("Only the creator of a room may change or delete it")
        return room

    def is_owner(self, member: Member, room: Room) -> bool:
        return member.id == room.creator_id

    # How they are listed

    def rooms_of(self, member: Member) -> list[RoomSummary]:
        """All rooms of the member, the most recent message first; a room without one counts from when it was made."""
        mine = "SELECT room_id FROM standings WHERE member_id = ? AND left_at IS NULL"
        return self._summaries(member, mine, member.id)

    def summary(self, member: Member, room: Room) -> RoomSummary:
        """``room`` as ``member`` finds it."""
        (summary,) = self._summaries(member, "SELECT ?", room.id)
        return summary

    # How they change and end

    def rename(self, room: Room, name: str | None) -> Room:
        self._store.run(
            "UPDATE rooms SET name = ?, updated_at = ? WHERE id = ?", name, self._clock.stamp(), room.id
        )
        return self.room(room.id)

    def delete_room(self, room: Room) -> None:
        """Gone for all its members; its pair may start again, in a new room."""
        self._store.run(
            "UPDATE rooms SET deleted_at = ?, pair = NULL WHERE id = ?", self._clock.stamp(), room.id
        )
