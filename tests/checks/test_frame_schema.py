"""Every frame that is heard is one of its channel's messages and fits that message's schema."""

from __future__ import annotations

import pytest

from earwitness.history import Body
from tests.shapes import (
    Object,
    message,
    message_deleted,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
)
from tests.story import Story


def hearing(frame: Object | Body) -> tuple[Story, int]:
    """Bob hears ``frame`` in a conversation with a past, where it may tell of anything."""
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.listens("bob")
    return story, story.hears("bob", frame)


@pytest.mark.parametrize(
    "frame",
    [
        new_message(message(12, "hi", colour="red")),
        new_message(message(12, "hi", message_type="image")) | {"trace": 1},
        message_edited(message(12, "hi", is_edited=True)),
        message_deleted(12),
        reaction_updated(reaction(12, "alice", reacted=False)),
    ],
)
def test_documented_frames_are_fine_and_may_have_more_properties(frame: Object) -> None:
    assert hearing(frame)[0].findings() == ()


@pytest.mark.parametrize(
    ("frame", "basis"),
    [
        # Shown by the sample of section 2.C, or, for `is_edited` after an edit, stated by MSG-3.
        (new_message({"id": 12}), "shown"),
        (new_message(message(12, "hi") | {"content": 7}), "shown"),
        (message_edited(message(12, "hi", is_edited=False)), "stated"),
        # What section 3 names and does not show is our reading.
        (reaction_updated({"message_id": 12}), "decided"),
        (new_message({"id": 12, "content": "hi"}), "decided"),
    ],
)
def test_a_frame_that_does_not_fit_is_found_with_the_basis_of_what_it_breaks(
    frame: Object, basis: str
) -> None:
    story, heard = hearing(frame)
    found = story.findings()
    assert {(one.check, one.evidence) for one in found} == {("frame-schema", (heard,))}
    assert basis in {one.basis for one in found}
    assert all(one.clause for one in found)


@pytest.mark.parametrize("body", [Body("text", "pong"), Body("base64", "AAEC"), Body()])
def test_a_frame_that_is_no_json_is_found(body: Body) -> None:
    story, heard = hearing(body)
    finding = story.the_finding("frame-schema")
    assert (finding.cause, finding.evidence, finding.basis) == ("frame-schema:not-json", (heard,), "stated")


@pytest.mark.parametrize("frame", [{"type": "ping"}, {"type": "welcome", "message": {}}, {}])
def test_that_nothing_else_is_said_is_our_reading(frame: Object) -> None:
    """A greeting or a heartbeat breaks nothing that the document says."""
    story, heard = hearing(frame)
    finding = story.the_finding("frame-schema")
    assert (finding.evidence, finding.basis) == ((heard,), "decided")


def test_it_is_judged_by_the_socket_that_heard_it_whoever_that_is() -> None:
    story = Story()
    story.listens("carol")
    heard = story.hears("carol", {"type": "new_message"})
    assert story.the_finding("frame-schema").evidence == (heard,)


def test_a_frame_on_a_socket_of_no_known_channel_is_not_judged() -> None:
    story = Story()
    story.hears("dave", {"type": "ping"})
    assert story.findings() == ()
