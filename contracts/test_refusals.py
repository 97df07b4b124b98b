"""Every operation refuses whom its spec says it refuses, and nothing has changed afterwards."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, NotRun, RoomHandle, Stage


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


# What can be done to a message of which an address names the room as well, and what it takes besides.
TO_A_MESSAGE: dict[str, dict[str, str]] = {
    "reply": {"text": "an answer from another room"},
    "react": {"emoji": "👍"},
    "unreact": {"emoji": "👍"},
    "read-message": {},
    "mark-message-read": {},
    "edit-message": {"text": "changed from another room"},
    "delete-message": {},
}


@pytest.mark.needs("send-text", "list-messages", "start-direct or open-direct")
def test_a_message_is_reached_by_way_of_its_own_room_alone(
    stage: Stage, alice: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    hers = carol.starts_direct(stage.cast("dave"))
    mine = alice.sends(room, "carol is in another room")
    tried = [verb for verb in TO_A_MESSAGE if stage.names_both(verb, hers.kind)]
    for verb in tried:
        carol.may_not(verb, "absent", room=hers, message=mine, **TO_A_MESSAGE[verb])
    if not tried:
        raise NotRun("nothing that is done to a message names a room as well")
    alice.sees_unchanged(mine)
    carol.sees_in_all(hers)
