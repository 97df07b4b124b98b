"""What a request says besides what it was asked for changes nothing."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage
from earwitness.live.meddling import meddles


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.each_kind
def test_a_request_sets_nothing_that_it_was_not_asked_for(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "for the two of us")
    meddles(alice, bob, carol, room)
    bob.sees_unchanged(sent)
    # Who may let whom in by such a field, no document says, so nothing is claimed of it: what the answers show, the checks judge, and
    # know on what it rests.
    for member in (alice, bob):
        member.does("read-room" if stage.offers("read-room") else "list-messages", room=room)
