"""Frames that fit are taken; frames that do not are neither answered nor felt by anybody, and crash nothing."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage

MALFORMED: dict[str, str | bytes] = {
    "not JSON": "hello",
    "half a document": '{"message": "hel',
    "an array": "[1, 2, 3]",
    "a number": "42",
    "null": "null",
    "an empty text": "",
    "binary": b"\x00\x01\x02\xff",
    "deeply nested": "[" * 2_000 + "]" * 2_000,
    "keys of the wrong types": '{"message": {"a": 1}, "conversation_id": "one", "type": 7, "action": []}',
    "NaN": '{"message": NaN}',
    "an unknown type": '{"type": "no_such_type", "action": "no_such_action"}',
    "a lone surrogate": '{"message": "\\ud800", "conversation_id": 0}',
}


@pytest.mark.needs("message-created", "send-text")
@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_frame_harms_nobody(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, what: str
) -> None:
    alices = alice.listens(room)
    bobs = bob.listens(room)
    stage.session.say(alices, MALFORMED[what], source=f"malformed: {what}")
    # What is sent afterwards is heard: the server and the neighbour's socket have survived. That the offender's own socket is
    # closed, with a code that says why, is no failure: no document says either way.
    after = alice.sends(room, "still there?", form="http")
    bob.hears("message-created", after)
    bob.still_listens(bobs)
    bob.sees_in_all(room, after)


@pytest.mark.needs("send-text", "list-messages", "message-created")
def test_what_looks_like_an_event_is_no_event(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    mine = alice.sends(room, "whatever bob makes of it")
    alice.listens(room)
    for forged in stage.forged_frames(bob, room, mine):
        # On a socket of its own: the server may well close the one that it came by.
        said = stage.session.say(bob.listens(room), forged.payload, source=f"forged: {forged.event}")
        alice.hears_no_forgery(forged, said)
    after = bob.sends(room, "this is what bob really says")
    alice.hears("message-created", after)
    alice.sees_unchanged(mine)


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.each_form("send-text", only="socket")
def test_a_frame_for_a_room_of_others_is_not_delivered(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    bob.listens(room), carol.listens()
    carol.does("send-text", form=form, source="refusal", room=room, text="an outsider's frame")
    after = alice.sends(room, "a member's message")
    bob.hears("message-created", after)
    bob.sees_in_all(room, after)
