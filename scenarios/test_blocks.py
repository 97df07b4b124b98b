"""Blocks: whoever is blocked writes nothing to whoever did it, until the block is taken back."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle
from earwitness.live.handles import thing_id


@pytest.mark.needs("block", "unblock", "start-direct", "send-text", "list-messages")
def test_a_block_holds_until_it_is_taken_back(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("send-text", "blocked", room=room, text="you do not want to hear this")
    alice.does_not_see_text(room, "you do not want to hear this")
    alice.must("unblock", block=block)
    alice.sees(bob.sends(room, "now you do"), text="now you do", author=bob)


@pytest.mark.needs("block", "unblock")
def test_a_block_is_taken_back_by_whoever_made_it_alone(alice: LiveMember, bob: LiveMember) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    bob.may_not("unblock", "not-the-sender", block=block)
    alice.must("unblock", block=block)
