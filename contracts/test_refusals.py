"""Every operation refuses whom its spec says it refuses, and nothing has changed afterwards."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.each_kind
def test_refusals(
    stage: Stage,
    alice: LiveMember,
    bob: LiveMember,
    carol: LiveMember,
    room: RoomHandle,
    operation: str,
    relation: str,
) -> None:
    counts = stage.offers("mark-room-read") and stage.offers("list-rooms")
    if counts:
        bob.reads(room)
    mine = alice.sends(room, "it stays as it is")
    bob.listens(room), carol.overhears(room)
    stage.try_relation(operation, relation, room=room, message=mine, owner=alice, peer=bob, outsider=carol)
    alice.sees_unchanged(mine)
    if counts:
        alice.lists_room(room)
        bob.lists_room(room, unread=1)
