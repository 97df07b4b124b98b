"""Organisations: whoever is of another one is not started with, not grouped, not added and not blocked; and nothing is left of it."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("start-direct", "block", "list-rooms")
@pytest.mark.covers("connectify:ORG-1")
def test_nobody_starts_a_room_with_a_member_of_another_organisation(stage: Stage, alice: LiveMember) -> None:
    foreigner = stage.foreigner("organisation", alice)
    alice.may_not("start-direct", "other-organisation", peer=foreigner, text="can you hear me over there?")
    alice.lists_no_room_having(members=str(foreigner.id))
    foreigner.lists_no_room_having(members=str(alice.id))
    # The wall has no other side from which it can be climbed.
    foreigner.may_not("start-direct", "other-organisation", peer=alice, text="can you hear me over here?")
    alice.lists_no_room_having(members=str(foreigner.id))


@pytest.mark.needs("start-group", "block", "list-rooms")
@pytest.mark.covers("connectify:ORG-2")
def test_no_group_is_started_with_a_member_of_another_organisation(
    stage: Stage, alice: LiveMember, bob: LiveMember
) -> None:
    foreigner = stage.foreigner("organisation", alice)
    name = f"over the wall, {bob.id} and {foreigner.id}"
    for peers in ([bob, foreigner], [foreigner, bob]):
        alice.may_not("start-group", "other-organisation", peers=peers, name=name, text="all of us?")
    for member in (alice, bob, foreigner):
        member.lists_no_room_having(name=name)


@pytest.mark.needs("start-group", "add-member", "block", "list-rooms", "list-messages")
@pytest.mark.covers("connectify:ORG-3")
def test_nobody_adds_a_member_of_another_organisation(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    foreigner = stage.foreigner("organisation", alice)
    alice.may_not("add-member", "other-organisation", room=group, peers=[foreigner])
    foreigner.does_not_list(group)
    foreigner.may_not("list-messages", "not-a-member", room=group)
    bob.lists_room(group, members=[alice, bob, carol])


@pytest.mark.needs("block", "list-blocks")
@pytest.mark.covers("connectify:ORG-4")
def test_nobody_blocks_a_member_of_another_organisation(stage: Stage, alice: LiveMember) -> None:
    foreigner = stage.foreigner("organisation", alice)
    alice.may_not("block", "other-organisation", peer=foreigner)
    alice.lists_no_block_of(foreigner)
