"""Rooms of several: who comes in, who may change them, and who is left to do so."""

from __future__ import annotations

import pytest

from reference_server.core.assembly import Core
from reference_server.core.records import Member, Room
from reference_server.core.refusals import (
    Absent,
    Blocked,
    Invalid,
    NotAnAdmin,
    NotTheSender,
    OtherOrganisation,
    Outsider,
)


@pytest.fixture
def group(core: Core, alice: Member, bob: Member, carol: Member) -> Room:
    """A group of three that alice has made."""
    return core.chat.start_room(alice, "group", [bob, carol], name="three")


def roles(core: Core, room: Room) -> dict[str, str]:
    return {each.member.username: each.role for each in core.chat.room(room.id).standings}


def test_the_creator_is_the_admin(core: Core, group: Room) -> None:
    assert roles(core, group) == {"alice": "admin", "bob": "member", "carol": "member"}


def test_naming_oneself_or_somebody_twice_changes_nothing(core: Core, alice: Member, bob: Member) -> None:
    room = core.chat.start_room(alice, "group", [bob, alice, bob])
    assert roles(core, room) == {"alice": "admin", "bob": "member"}


def test_rooms_are_numbered_by_kind(core: Core, alice: Member, bob: Member, carol: Member) -> None:
    first = core.chat.start_direct(alice, bob, None)[0]
    group = core.chat.start_room(alice, "group", [bob])
    second = core.chat.start_direct(alice, carol, None)[0]
    assert (first.number, second.number, group.number) == (1, 2, 1)
    assert core.chat.room_id_of_number("group", 1) == group.id
    assert core.chat.room_id_of_uuid(group.uuid) == group.id
    with pytest.raises(Absent):
        core.chat.room_id_of_number("group", 2)


def test_only_an_admin_adds(core: Core, group: Room, alice: Member, bob: Member) -> None:
    dave = core.identity.mint("dave")
    with pytest.raises(NotAnAdmin, match="Only admins can add members"):
        core.chat.add_members(bob, group, [dave])
    assert dave.username not in roles(core, group)
    added = core.chat.add_members(alice, group, [dave, bob])
    assert [each.member for each in added.standings][-1] == dave
    assert roles(core, group)["bob"] == "member"


def test_nobody_of_another_organisation_comes_in(core: Core, group: Room, alice: Member) -> None:
    near, far = core.identity.mint("near"), core.identity.mint("far", organisation=2)
    with pytest.raises(OtherOrganisation) as refused:
        core.chat.add_members(alice, group, [near, far])
    assert refused.value.member_id == far.id
    assert len(roles(core, group)) == 3
    with pytest.raises(OtherOrganisation):
        core.chat.start_room(alice, "group", [near, far])
    with pytest.raises(OtherOrganisation):
        core.chat.start_direct(alice, far, None)


def test_a_member_removes_nobody_but_themselves(core: Core, group: Room, bob: Member, carol: Member) -> None:
    with pytest.raises(NotAnAdmin, match="Only admins can remove other members"):
        core.chat.remove_member(bob, group, carol.id)
    left = core.chat.remove_member(bob, group, bob.id)
    assert bob not in left.members
    with pytest.raises(Outsider):
        core.chat.readable_room(bob, group.id)
    assert core.chat.rooms_of(bob) == []


def test_who_is_not_in_is_not_removed(core: Core, group: Room, alice: Member) -> None:
    with pytest.raises(Absent):
        core.chat.remove_member(alice, group, core.identity.mint("dave").id)


def test_the_longest_standing_follows_the_last_admin(
    core: Core, group: Room, alice: Member, bob: Member, carol: Member
) -> None:
    core.chat.remove_member(alice, group, bob.id)
    core.chat.add_members(alice, core.chat.room(group.id), [bob])  # back, as the newest
    core.chat.remove_member(alice, core.chat.room(group.id), alice.id)
    assert roles(core, group) == {"carol": "admin", "bob": "member"}
    core.chat.leave(carol, core.chat.room(group.id))
    core.chat.leave(bob, core.chat.room(group.id))
    assert roles(core, group) == {}


def test_nobody_is_promoted_while_an_admin_is_left(
    core: Core, group: Room, alice: Member, carol: Member
) -> None:
    core.chat.change_role(alice, group, carol.id, "admin")
    core.chat.leave(alice, core.chat.room(group.id))
    assert roles(core, group) == {"bob": "member", "carol": "admin"}


def test_only_an_admin_changes_roles(core: Core, group: Room, alice: Member, bob: Member) -> None:
    with pytest.raises(NotAnAdmin, match="Only admins can change roles"):
        core.chat.change_role(bob, group, bob.id, "admin")
    assert core.chat.change_role(alice, group, bob.id, "admin").role == "admin"
    room = core.chat.room(group.id)
    assert core.chat.change_role(bob, room, alice.id, "member").role == "member"
    with pytest.raises(Invalid):
        core.chat.change_role(bob, core.chat.room(group.id), bob.id, "member")
    with pytest.raises(Absent):
        core.chat.change_role(bob, core.chat.room(group.id), core.identity.mint("dave").id, "admin")


def test_direct_rooms_cannot_be_left(core: Core, alice: Member, bob: Member) -> None:
    room = core.chat.start_direct(alice, bob, None)[0]
    with pytest.raises(Invalid):
        core.chat.leave(alice, room)
    assert core.chat.room(room.id).members == (alice, bob)


def test_a_public_room_is_read_and_joined_by_anybody(core: Core, alice: Member, carol: Member) -> None:
    room = core.chat.start_room(alice, "public", [], name="all")
    assert core.chat.readable_room(carol, room.id) == room
    with pytest.raises(Outsider):
        core.chat.writable_room(carol, room.id)
    joined = core.chat.join(carol, room.id)
    assert joined.members == (alice, carol)
    assert core.chat.join(carol, room.id) == joined
    assert core.chat.writable_room(carol, room.id) == joined


def test_nobody_joins_a_group(core: Core, group: Room) -> None:
    with pytest.raises(Outsider):
        core.chat.join(core.identity.mint("dave"), group.id)


def test_only_the_creator_renames_and_deletes(core: Core, group: Room, alice: Member, bob: Member) -> None:
    with pytest.raises(NotAnAdmin):
        core.chat.owned_room(bob, group.id)
    with pytest.raises(Outsider):
        core.chat.owned_room(core.identity.mint("dave"), group.id)
    assert core.chat.rename(core.chat.owned_room(alice, group.id), "few").name == "few"
    core.chat.delete_room(group)
    with pytest.raises(Absent):
        core.chat.room_for(bob, group.id)
    assert core.chat.rooms_of(alice) == []


def test_a_deleted_pair_starts_again(core: Core, alice: Member, bob: Member) -> None:
    room = core.chat.start_direct(alice, bob, None)[0]
    assert core.chat.known_direct(bob, alice) == room
    core.chat.delete_room(room)
    assert core.chat.known_direct(alice, bob) is None
    other, created = core.chat.start_direct(alice, bob, None)
    assert created
    assert other.id != room.id


# Blocks


def test_a_block_refuses_whom_it_names(core: Core, alice: Member, bob: Member, carol: Member) -> None:
    room = core.chat.start_direct(alice, bob, None)[0]
    core.chat.block(bob, alice)
    with pytest.raises(Blocked, match="You have been blocked by this user"):
        core.chat.writable_room(alice, room.id)
    assert core.chat.writable_room(bob, room.id) == room
    assert core.chat.readable_room(alice, room.id) == room
    core.chat.block(carol, alice)
    with pytest.raises(Blocked, match="You have been blocked by this user"):
        core.chat.start_direct(alice, carol, None)
    assert core.chat.start_direct(carol, alice, None)[1]
    with pytest.raises(Blocked) as refused:
        core.chat.start_room(alice, "group", [carol, core.identity.mint("dave"), bob])
    assert refused.value.reason == "You are blocked by: carol, bob"
    assert all(each.room.kind == "direct" for each in core.chat.rooms_of(alice))


def test_a_block_does_not_touch_groups_there_are(core: Core, group: Room, alice: Member, bob: Member) -> None:
    core.chat.block(bob, alice)
    assert core.chat.writable_room(alice, group.id) == group


def test_only_its_setter_sees_and_lifts_a_block(core: Core, alice: Member, bob: Member) -> None:
    block = core.chat.block(bob, alice)
    assert core.chat.block(bob, alice) == block
    assert core.chat.blocks_of(bob) == [block]
    assert core.chat.blocks_of(alice) == []
    core.chat.unblock(bob, block.id)
    assert not core.chat.is_blocked(alice, by=bob)
    with pytest.raises(Absent):
        core.chat.unblock(bob, block.id)


def test_a_block_is_not_lifted_by_whom_it_names(core: Core, alice: Member, bob: Member) -> None:
    block = core.chat.block(bob, alice)
    with pytest.raises(NotTheSender):
        core.chat.unblock(alice, block.id)
    assert core.chat.is_blocked(alice, by=bob)


def test_who_cannot_be_blocked(core: Core, alice: Member) -> None:
    with pytest.raises(Invalid):
        core.chat.block(alice, alice)
    with pytest.raises(OtherOrganisation):
        core.chat.block(alice, core.identity.mint("far", organisation=2))
