"""Membership: who comes into a room, who goes, and who may decide that."""

from __future__ import annotations

from collections.abc import Sequence

from reference_server.core.records import Member, Room, Standing
from reference_server.core.refusals import Absent, Invalid, NotAnAdmin
from reference_server.core.rooms import ADMIN, DIRECT, MEMBER, Rooms


class Membership(Rooms):
    """Joining, adding, removing, leaving, and roles."""

    def is_admin(self, member: Member, room: Room) -> bool:
        standing = room.standing_of(member)
        return standing is not None and standing.role == ADMIN

    def add_members(self, member: Member, room: Room, newcomers: Sequence[Member]) -> Room:
        """``room`` with the newcomers, as members; who is in already stays what they are.

        Raises NotAnAdmin, and OtherOrganisation, when nobody is added.
        """
        if not self.may_add(member, room):
            raise NotAnAdmin("Only admins can add members")
        self.check_organisation(member, newcomers)
        for each in dict.fromkeys(newcomers):
            if each not in room.members:
                self.enter(room.id, each, MEMBER)
        return self.room(room.id)

    def may_add(self, member: Member, room: Room) -> bool:
        return self.is_admin(member, room)

    def remove_member(self, member: Member, room: Room, leaver_id: int) -> Room:
        """``room`` without the leaver. Raises NotAnAdmin where that is somebody else, and Absent for somebody who is not in."""
        if not self.may_remove(member, room, leaver_id):
            raise NotAnAdmin("Only admins can remove other members")
        return self.go(room, self.standing_in(room, leaver_id).member)

    def may_remove(self, member: Member, room: Room, leaver_id: int) -> bool:
        return member.id == leaver_id or self.is_admin(member, room)

    def leave(self, member: Member, room: Room) -> Room:
        """``room`` without the member. Raises Invalid for a direct room, which nobody can leave."""
        if room.kind == DIRECT:
            raise Invalid("Direct rooms can't be left")
        return self.go(room, member)

    def go(self, room: Room, leaver: Member) -> Room:
        """End the leaver's standing; a room that loses its last admin gets another one."""
        self._store.run(
            "UPDATE standings SET left_at = ? WHERE room_id = ? AND member_id = ?",
            *(self._clock.stamp(), room.id, leaver.id),
        )
        left = self.room(room.id)
        if left.standings and self.is_admin(leaver, room) and not self.admins(left):
            self.set_role(left, self.successor(left), ADMIN)
        return self.room(room.id)

    def admins(self, room: Room) -> list[Standing]:
        return [each for each in room.standings if each.role == ADMIN]

    def successor(self, room: Room) -> Member:
        """Who is admin when nobody is left who was: the one who has been in longest."""
        return room.standings[0].member

    def change_role(self, member: Member, room: Room, other_id: int, role: str) -> Standing:
        """Make somebody ``admin`` or ``member``.

        Raises NotAnAdmin, Absent for somebody who is not in, and Invalid for the last admin: there is nobody to make another one.
        """
        if not self.may_change_roles(member, room):
            raise NotAnAdmin("Only admins can change roles")
        other = self.standing_in(room, other_id)
        if role != ADMIN and self.admins(room) == [other]:
            raise Invalid("The last admin can't become a member; make somebody else an admin first")
        self.set_role(room, other.member, role)
        return self.standing_in(self.room(room.id), other_id)

    def may_change_roles(self, member: Member, room: Room) -> bool:
        return self.is_admin(member, room)

    def set_role(self, room: Room, member: Member, role: str) -> None:
        self._store.run(
            "UPDATE standings SET role = ? WHERE room_id = ? AND member_id = ?", role, room.id, member.id
        )

    def standing_in(self, room: Room, member_id: int) -> Standing:
        """Raises Absent for somebody who is not in the room."""
        for each in room.standings:
            if each.member.id == member_id:
                return each
        raise Absent("Not a member of this room")

    def join(self, member: Member, room_id: int) -> Room:
        """A room the member may read, with the member in it from now on. Raises Absent and Outsider."""
        room = self.readable_room(member, room_id)
        if member in room.members:
            return room
        self.enter(room.id, member, MEMBER)
        return self.room(room.id)
