"""Rooms for more than two: who is in them, who comes, who goes, and who has a say."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("start-group", "list-rooms")
@pytest.mark.covers("connectify:GRP-1", "connectify:GRP-2")
@pytest.mark.covers("rooms:ROOM-1", "rooms:ROOM-3", "rooms:ROOM-5")
@pytest.mark.each_kind
def test_everybody_who_was_asked_in_lists_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    for member in (alice, bob, carol):
        member.lists_room(group, members=[alice, bob, carol])
    dave.does_not_list(group)


@pytest.mark.needs("start-group", "send-text", "list-messages", "message-created")
@pytest.mark.covers("connectify:GRP-4")
@pytest.mark.covers("rooms:MSG-1")
@pytest.mark.each_kind
def test_a_message_reaches_everybody_in_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    bob.listens(group), carol.listens(group), dave.overhears(group)
    sent = alice.sends(group, "hello, all of you")
    bob.hears("message-created", sent, text="hello, all of you", author=alice)
    carol.hears("message-created", sent, text="hello, all of you", author=alice)
    dave.hears_nothing_of(group)
    for member in (alice, bob, carol):
        member.sees(sent, text="hello, all of you", author=alice)


@pytest.mark.needs("start-group.text", "list-messages")
@pytest.mark.covers("connectify:GRP-1")
@pytest.mark.each_kind
def test_a_group_begins_with_its_first_message(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group_kind: str
) -> None:
    group = alice.starts_group(bob, carol, kind=group_kind, text="welcome to all of you")
    assert group.first is not None
    for member in (alice, bob, carol):
        member.sees(group.first, text="welcome to all of you", author=alice)


@pytest.mark.needs("start-group", "add-member", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("connectify:GRP-6")
def test_whoever_is_added_is_in_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    alice.must("add-member", room=group, peers=[dave])
    dave.lists_room(group, members=[alice, bob, carol, dave])
    dave.sees(dave.sends(group, "now I am in"), text="now I am in", author=dave)
    dave.sees(alice.sends(group, "welcome, dave"), text="welcome, dave", author=alice)


@pytest.mark.needs("start-group", "remove-member", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("connectify:GRP-5", "connectify:GRP-8")
def test_whoever_is_removed_is_out_of_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    alice.must("remove-member", room=group, peer=carol)
    bob.lists_room(group)
    carol.does_not_list(group)
    carol.may_not("list-messages", "not-a-member", room=group)
    carol.may_not("send-text", "not-a-member", room=group, text="I was in this room")
    bob.sees(alice.sends(group, "without carol"), text="without carol")


@pytest.mark.needs("start-group", "leave", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("connectify:GRP-5", "connectify:GRP-10")
def test_whoever_leaves_is_out_of_the_room(bob: LiveMember, carol: LiveMember, group: RoomHandle) -> None:
    carol.must("leave", room=group)
    bob.lists_room(group)
    carol.does_not_list(group)
    carol.may_not("list-messages", "not-a-member", room=group)
    carol.may_not("send-text", "not-a-member", room=group, text="I have left this room")
    bob.sees(bob.sends(group, "carol has left"), text="carol has left")


@pytest.mark.needs("start-group", "add-member", "change-role", "list-rooms")
@pytest.mark.covers("connectify:GRP-7", "connectify:GRP-11")
def test_only_admins_add_members_and_give_roles(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    bob.may_not("add-member", "not-an-admin", room=group, peers=[dave])
    bob.may_not("change-role", "not-an-admin", room=group, peer=carol, role="admin")
    dave.does_not_list(group)
    alice.must("change-role", room=group, peer=bob, role="admin")
    bob.must("add-member", room=group, peers=[dave])
    dave.lists_room(group)


@pytest.mark.needs(
    "start-group", "leave", "change-role", "add-member", "send-text", "list-messages", "list-rooms"
)
@pytest.mark.covers("connectify:GRP-10")
def test_the_last_admin_leaves_a_room_that_can_still_be_run(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    alice.must("leave", room=group)
    alice.does_not_list(group)
    alice.may_not("list-messages", "not-a-member", room=group)
    carol.sees(bob.sends(group, "alice has left"), text="alice has left", author=bob)
    # That who has been in longest becomes admin is our reading: a room that nobody can run is worse.
    bob.must("add-member", basis="decided", room=group, peers=[dave])


@pytest.mark.needs("start-group", "remove-member", "change-role", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("connectify:GRP-9", "connectify:GRP-12")
def test_a_member_who_is_no_admin_removes_nobody_and_changes_no_role(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    bob.may_not("remove-member", "not-an-admin", room=group, peer=carol)
    bob.may_not("remove-member", "not-an-admin", room=group, peer=alice)
    bob.may_not("change-role", "not-an-admin", room=group, peer=bob, role="admin")
    bob.may_not("change-role", "not-an-admin", room=group, peer=carol, role="admin")
    bob.may_not("change-role", "not-an-admin", room=group, peer=alice, role="member")
    carol.lists_room(group, members=[alice, bob, carol])
    alice.sees(carol.sends(group, "I am still here"), text="I am still here", author=carol)
    # None of them has become anything by it.
    bob.may_not("remove-member", "not-an-admin", room=group, peer=carol)


@pytest.mark.needs("start-group", "remove-member", "change-role", "list-rooms")
@pytest.mark.covers("connectify:GRP-11")
def test_whoever_is_made_an_admin_may_what_admins_may(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    alice.must("change-role", room=group, peer=bob, role="admin")
    bob.must("remove-member", room=group, peer=carol)
    carol.does_not_list(group)
    bob.must("add-member", room=group, peers=[dave])
    bob.must("change-role", room=group, peer=dave, role="admin")
    dave.must("add-member", room=group, peers=[carol])
    carol.lists_room(group, members=[alice, bob, carol, dave])


@pytest.mark.needs("start-group", "add-member", "change-role", "list-rooms")
@pytest.mark.covers("connectify:GRP-11")
def test_a_role_is_given_to_one_member_in_one_room(
    alice: LiveMember,
    bob: LiveMember,
    carol: LiveMember,
    dave: LiveMember,
    group: RoomHandle,
    group_kind: str,
) -> None:
    other = alice.starts_group(bob, carol, kind=group_kind)
    alice.must("change-role", room=group, peer=bob, role="admin")
    carol.may_not("add-member", "not-an-admin", room=group, peers=[dave])
    bob.may_not("add-member", "not-an-admin", room=other, peers=[dave])
    alice.must("change-role", room=group, peer=bob, role="member")
    bob.may_not("add-member", "not-an-admin", room=group, peers=[dave])
    alice.must("add-member", room=group, peers=[dave])
    dave.lists_room(group)


@pytest.mark.needs("start-group", "add-member", "change-role", "list-rooms")
@pytest.mark.covers("connectify:GRP-11")
def test_the_last_admin_becomes_no_member_until_there_is_another(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    alice.may_not("change-role", "invalid", room=group, peer=alice, role="member")
    alice.must("change-role", room=group, peer=bob, role="admin")
    alice.must("change-role", room=group, peer=alice, role="member")
    alice.may_not("add-member", "not-an-admin", room=group, peers=[dave])
    bob.must("add-member", room=group, peers=[dave])
    dave.lists_room(group)


@pytest.mark.needs(
    "start-group", "edit-message", "delete-message", "change-role", "send-text", "list-messages"
)
@pytest.mark.covers("connectify:MSG-3", "connectify:MSG-5")
def test_an_admin_changes_nobody_elses_messages(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    said = bob.sends(group, "an admin does not touch this")
    alice.may_not("edit-message", "not-the-sender", message=said, text="an admin was here")
    alice.may_not("delete-message", "not-the-sender", message=said)
    carol.sees_unchanged(said)
