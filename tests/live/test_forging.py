"""Forged frames look like events of the test's message, and like nothing that the API takes from clients."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from earwitness.documents import load_documents
from earwitness.history import FrameSaid
from earwitness.live import LiveMember, NotRun, RoomHandle, Stage
from earwitness.live.forging import forged_frames
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict

DOCUMENTS = load_documents("fe16ops")
EVENTS = ("message-created", "message-edited", "message-deleted", "reaction-changed", "message-read")


def test_each_event_that_tells_of_a_message_is_forged(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    mine = alice.sends(room, "mine")
    forged = stage.forged_frames(bob, room, mine)
    assert tuple(one.event for one in forged) == EVENTS
    channel = DOCUMENTS.spec.channels["messaging"]
    for one in forged:
        payload = json.loads(one.payload)
        recognised = channel.recognise(payload)
        assert recognised is not None
        assert recognised.name in DOCUMENTS.binding.events[one.event].messages
        assert recognised.schema.fits(payload)
        assert [said.name for said in channel.says.values() if said.schema.fits(payload)] == []
        assert payload["conversation_id"] == room.raw_id
        assert (one.message == mine.id) is (one.event != "message-created")
        assert one.message in one.payload


def test_what_clients_may_say_is_no_forgery(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    """Where the documented frame of an event is one that clients send as well, nothing is forged by saying it."""
    channel = DOCUMENTS.spec.channels["messaging"]
    both_ways = replace(channel, says={**channel.says, "messageDeleted": channel.hears["messageDeleted"]})
    spec = replace(DOCUMENTS.spec, channels={**DOCUMENTS.spec.channels, "messaging": both_ways})
    mine = alice.sends(room, "mine")
    forged = forged_frames(replace(DOCUMENTS, spec=spec), "inbox", bob, room, mine)
    assert "message-deleted" not in {one.event for one in forged}
    assert "message-edited" in {one.event for one in forged}


def test_nothing_can_be_forged_of_a_message_without_an_id(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    nameless = replace(alice.sends(room, "mine"), id="")
    with pytest.raises(NotRun, match="nothing that this API's sockets hear"):
        stage.forged_frames(bob, room, nameless)


def forge(stage: Stage) -> None:
    alice, bob = stage.cast("alice"), stage.cast("bob")
    room = alice.starts_direct(bob)
    mine = alice.sends(room, "mine")
    alice.listens(room)
    for forged in stage.forged_frames(bob, room, mine):
        alice.hears_no_forgery(forged, stage.session.say(bob.listens(room), forged.payload))


def test_a_forged_event_that_nobody_hears_is_fine(stage: Stage) -> None:
    forge(stage)
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


def test_a_forged_event_that_is_heard_is_found(request: pytest.FixtureRequest) -> None:
    with reference_session("fe16ops-frame-speaks-for-the-server") as session:
        with stage_of(session, request.node.nodeid) as stage:
            forge(stage)
            judged = verdict(stage)
    wrong = [one.sentence for one in judged.evidence if one.verdict is Verdict.FAIL]
    assert wrong == [f"alice hears no {event} that a client has forged" for event in EVENTS]
    assert {finding.check for finding in judged.findings} == {"event-has-a-cause"}
    # What the forger said is among the evidence, so that it can be said again.
    said = {entry.n for entry in session.journal if isinstance(entry, FrameSaid)}
    assert len(said & {n for finding in judged.findings for n in finding.evidence}) == len(EVENTS)
