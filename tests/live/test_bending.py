"""Frames that do not fit: samples of the documents, bent in one place."""

from __future__ import annotations

import json

import pytest

from earwitness.documents import load_documents
from earwitness.live.bending import unfit_frames
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict


def bent(api: str, channel: str) -> dict[str, object]:
    """The frames by what is wrong with them."""
    return {what: json.loads(frame) for what, frame in unfit_frames(load_documents(api), channel)}


@pytest.mark.parametrize(
    ("api", "channel", "what", "place", "number"),
    [
        (
            "fe16ops",
            "messaging",
            "clientMessage with conversation_id beyond 64 bits",
            "conversation_id",
            2**63,
        ),
        ("netroxchange", "chat", "chatMessageFile with chat_id beyond 64 bits", "chat_id", str(2**63)),
    ],
)
def test_a_number_goes_beyond_what_a_database_holds_and_stays_of_its_type(
    api: str, channel: str, what: str, place: str, number: object
) -> None:
    frame = bent(api, channel)[what]
    assert isinstance(frame, dict)
    assert frame[place] == number


def test_ids_that_are_no_numbers_and_truths_are_left_alone() -> None:
    channels = load_documents("rooms").spec.channels
    assert not [what for channel in channels for what in bent("rooms", channel) if "beyond" in what]


def test_what_a_frame_changes_that_nobody_knows_is_due_to_nobody() -> None:
    with reference_session(api="conversations") as session, stage_of(session, "beyond") as stage:
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        bob.listens(room)
        for what, frame in bent("conversations", "chat").items():
            if "beyond" in what:
                session.say(alice.listens(room), json.dumps(frame))
        judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())
