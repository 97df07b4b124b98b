"""Rooms for more than two: who is in them, who comes, who goes, and who has a say."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("start-group", "list-rooms")
@pytest.mark.each_kind
def test_everybody_who_was_asked_in_lists_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    for member in (alice, bob, carol):
        member.lists_room(group, members=[alice, bob, carol])
    dave.does_not_list(group)


@pytest.mark.needs("start-group", "send-text", "list-messages", "message-created")
@pytest.mark.each_kind
def test_a_message_reaches_everybody_in_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    bob.listens(group), carol.listens(group), dave.overhears(group)
    sent = alice.sends(group, "hello, all of you")
    bob.hears("message-created", sent, text="hello, all of you", author=alice)
    carol.hears("message-created", sent, text="hello, all of you", author=alice)
    dave.hears_nothing_of(group)


@pytest.mark.needs("start-group", "add-member", "send-text", "list-messages", "list-rooms")
def test_whoever_is_added_is_in_the_room(alice: LiveMember, dave: LiveMember, group: RoomHandle) -> None:
    alice.must("add-member", room=group, peers=[dave])
    dave.lists_room(group)
    dave.sees(dave.sends(group, "now I am in"), text="now I am in", author=dave)


@pytest.mark.needs("start-group", "remove-member", "send-text", "list-messages", "list-rooms")
def test_whoever_is_removed_is_out_of_the_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    alice.must("remove-member", room=group, peer=carol)
    carol.does_not_list(group)
    carol.may_not("list-messages", "not-a-member", room=group)
    carol.may_not("send-text", "not-a-member", room=group, text="I was in this room")
    bob.sees(alice.sends(group, "without carol"), text="without carol")


@pytest.mark.needs("start-group", "leave", "send-text", "list-messages", "list-rooms")
def test_whoever_leaves_is_out_of_the_room(bob: LiveMember, carol: LiveMember, group: RoomHandle) -> None:
    carol.must("leave", room=group)
    carol.does_not_list(group)
    carol.may_not("list-messages", "not-a-member", room=group)
    bob.sees(bob.sends(group, "carol has left"), text="carol has left")


@pytest.mark.needs("start-group", "add-member", "change-role", "list-rooms")
def test_only_admins_add_members_and_give_roles(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    bob.may_not("add-member", "not-an-admin", room=group, peers=[dave])
    bob.may_not("change-role", "not-an-admin", room=group, peer=carol, role="admin")
    dave.does_not_list(group)
    alice.must("change-role", room=group, peer=bob, role="admin")
    bob.must("add-member", room=group, peers=[dave])
    dave.lists_room(group)
