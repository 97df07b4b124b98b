"""Blocks: whoever is blocked writes nothing to whoever did it, until the block is taken back."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle
from earwitness.live.handles import thing_id


@pytest.mark.needs("block", "unblock", "start-direct", "send-text", "list-messages")
@pytest.mark.covers("connectify:BLK-2", "connectify:BLK-5")
def test_a_block_holds_until_it_is_taken_back(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("send-text", "blocked", room=room, text="you do not want to hear this")
    alice.does_not_see_text(room, "you do not want to hear this")
    alice.must("unblock", block=block)
    alice.sees(bob.sends(room, "now you do"), text="now you do", author=bob)


@pytest.mark.needs("block", "unblock")
@pytest.mark.covers("connectify:BLK-6")
def test_a_block_is_taken_back_by_whoever_made_it_alone(
    alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("unblock", "not-the-sender", block=block)
    carol.may_not("unblock", "not-the-sender", block=block)
    alice.must("unblock", block=block)


@pytest.mark.needs("block", "unblock", "send-text", "start-direct", "list-messages")
@pytest.mark.covers("connectify:BLK-6")
def test_a_block_that_others_tried_to_lift_still_holds(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("unblock", "not-the-sender", block=block)
    bob.may_not("send-text", "blocked", room=room, text="I have lifted it myself")
    alice.does_not_see_text(room, "I have lifted it myself")


@pytest.mark.needs("block", "unblock", "start-direct", "list-rooms", "list-messages")
@pytest.mark.covers("connectify:BLK-1", "connectify:BLK-5")
def test_whoever_is_blocked_starts_no_room_with_whoever_did_it(alice: LiveMember, bob: LiveMember) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("start-direct", "blocked", peer=alice, text="you do not want to hear this")
    for member, other in ((alice, bob), (bob, alice)):
        member.lists_no_room_having(members=str(other.id))
    alice.must("unblock", block=block)
    room = bob.starts_fresh_direct(alice, text="now you do")
    assert room.first is not None
    alice.sees(room.first, text="now you do", author=bob)


@pytest.mark.needs("block", "start-group", "list-rooms")
@pytest.mark.covers("connectify:BLK-3")
def test_no_group_is_started_with_whoever_has_blocked_its_creator(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember
) -> None:
    for blocker in (bob, carol):
        blocker.must("block", peer=alice)
    name = f"with {bob.id} and {carol.id}, who want none of it"
    refused = alice.may_not("start-group", "blocked", peers=[bob, dave, carol], name=name, text="all of us?")
    alice.is_told_of(refused, bob, carol)
    for member in (alice, bob, carol, dave):
        member.lists_no_room_having(name=name)


@pytest.mark.needs("block", "list-blocks")
@pytest.mark.covers("connectify:BLK-4")
def test_a_list_of_blocks_has_the_members_own_and_no_others(
    alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    alices = [thing_id(alice.must("block", peer=peer), "block") for peer in (bob, carol)]
    bobs = thing_id(bob.must("block", peer=carol), "block")
    for block, blocked in zip(alices, (bob, carol), strict=True):
        alice.lists_block(block, member=blocked)
        for other in (bob, carol):
            other.lists_no_block(block)
    bob.lists_block(bobs, member=carol)
    alice.lists_no_block(bobs)


@pytest.mark.needs("block", "start-direct", "send-text", "list-messages")
@pytest.mark.covers("connectify:BLK-2")
def test_a_block_keeps_out_one_member_from_one_other(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    alice.must("block", peer=bob)
    elsewhere = bob.starts_direct(carol)
    carol.sees(bob.sends(elsewhere, "carol has not blocked me"), text="carol has not blocked me", author=bob)
    # The documents speak to the one who is blocked: that the other one may write is our reading.
    alice.must("send-text", basis="decided", room=room, text="I may still write to you")
