"""Every operation refuses whom its spec says it refuses, and nothing has changed afterwards."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("start-direct", "mark-room-read", "list-rooms")
def test_refusals(
    stage: Stage,
    alice: LiveMember,
    bob: LiveMember,
    carol: LiveMember,
    room: RoomHandle,
    operation: str,
    relation: str,
) -> None:
    bob.reads(room)
    mine = alice.sends(room, "it stays as it is")
    bob.listens(room), carol.listens()
    stage.try_relation(operation, relation, room=room, message=mine, owner=alice, peer=bob, outsider=carol)
    alice.sees_unchanged(mine)
    alice.lists_room(room)
    bob.lists_room(room, unread=1)
