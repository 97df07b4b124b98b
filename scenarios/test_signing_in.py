"""Signing in: a name and a password give a token, and the token opens all the rest."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("authenticate", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("conversations:AUTH-1")
def test_whoever_signs_in_gets_a_token_that_is_taken_everywhere(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.sends(room, "can you read this?")
    alice.signs_in()
    sent = alice.sends(room, "I have signed in")
    alice.sees(sent, text="I have signed in", author=alice)
    alice.lists_room(room, members=[alice, bob])
    alice.listens(room)


@pytest.mark.needs("authenticate", "send-text")
@pytest.mark.covers("conversations:AUTH-1")
def test_nobody_signs_in_as_somebody_else(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    said = alice.sends(room, "somebody is there")
    for operation in stage.operations_of("authenticate", refusing="absent"):
        stage.try_relation(
            operation, "absent", room=room, message=said, owner=alice, peer=bob, outsider=carol
        )
