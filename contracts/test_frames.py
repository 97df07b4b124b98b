"""Frames that fit are taken; frames that do not are neither answered nor felt by anybody, and crash nothing."""

from __future__ import annotations

import pytest

from earwitness.live import File, LiveMember, RoomHandle, Stage

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


@pytest.mark.needs("message-created", "send-text", "list-messages")
@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_frame_harms_nobody(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, what: str
) -> None:
    alices = alice.listens(room)
    bobs = bob.listens(room)
    stage.session.say(alices, MALFORMED[what], source=f"malformed: {what}")
    # What is sent afterwards is heard: the server and the neighbour's socket have survived. That the offender's own socket is
    # closed, with a code that says why, is no failure: no document says either way.
    after = alice.sends_anew(room, "still there?")
    bob.hears("message-created", after)
    bob.still_listens(bobs)
    bob.sees_in_all(room, after)


@pytest.mark.needs("message-created", "send-text", "list-messages")
def test_frames_that_do_not_fit_harm_nobody(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bobs = bob.listens(room)
    for what, payload in stage.unfit_frames(room):
        # On a socket of its own: the server may have a reason to close the one that it came by, but none to fail.
        stage.session.say(alice.listens(room), payload, source=f"malformed: {what}")
    after = alice.sends_anew(room, "still there?")
    bob.hears("message-created", after)
    bob.still_listens(bobs)
    bob.sees_in_all(room, after)


@pytest.mark.needs("send-file", "message-created")
@pytest.mark.each_form("send-file", only="socket")
def test_only_who_has_stored_a_file_tells_of_it(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens(room), bob.listens(room)
    sent = alice.sends_file(room, File("mine.txt", "text/plain", b"mine", "file"))
    bob.hears("message-created", sent, text=sent.text)
    bob.finishes("send-file", form=form, source="refusal", message=sent)
    after = bob.sends(room, "I have told of nothing")
    alice.hears("message-created", after)


@pytest.mark.needs("send-file", "message-created")
@pytest.mark.each_form("send-file", only="socket")
def test_what_was_stored_with_a_file_is_what_is_told(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    bob.listens(room)
    sent = alice.sends_file(room, File("mine.txt", "text/plain", b"mine", "file"))
    alice.finishes("send-file", form=form, message=sent, text="what I say of it now")
    bob.hears("message-created", sent, text=sent.text)


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


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="socket")
@pytest.mark.each_kind
def test_a_frame_for_a_room_of_others_is_not_delivered(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    bob.listens(room)
    mouth = carol.overhears(room)
    # Where a room has a socket of its own, an outsider who was refused it has nothing to say the frame on.
    if mouth is not None and mouth.is_open:
        carol.does("send-text", form=form, source="refusal", room=room, text="an outsider's frame")
    after = alice.sends(room, "a member's message")
    bob.hears("message-created", after)
    bob.sees_in_all(room, after)
