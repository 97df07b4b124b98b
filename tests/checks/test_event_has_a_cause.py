"""Every event about what is ours tells of something that happened."""

from __future__ import annotations

from tests.shapes import (
    IDS,
    message,
    message_deleted,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
    read_receipt,
)
from tests.story import Story


def test_events_that_were_caused_are_fine() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31), story.hears("bob", new_message(message(31, "hi")))
    assert story.findings() == ()


def test_an_edit_that_nobody_made_is_found() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("bob")
    heard = story.hears("bob", message_edited(message(31, "other", is_edited=True)))
    finding = story.the_finding("event-has-a-cause")
    assert (finding.evidence, finding.basis, finding.clause) == ((heard,), "stated", "5.MSG")


def test_a_message_in_a_new_room_that_nobody_sent_is_found() -> None:
    story = Story()
    story.listens("bob")
    heard = story.hears("bob", new_message(message(99, "who said that?")))
    assert story.the_finding("event-has-a-cause").evidence == (heard,)


def test_an_event_before_its_cause_is_found() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("bob")
    heard = story.hears("bob", message_deleted(31))
    story.waits().deletes("alice", 31)
    assert {one.check: one.evidence for one in story.findings()}["event-has-a-cause"] == (heard,)


def test_what_happens_to_old_messages_and_in_old_rooms_is_somebody_elses() -> None:
    """The conversation existed before: an account has a past, and a life outside this run."""
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.listens("alice")
    story.hears("alice", new_message(message(99, "from elsewhere")))
    story.hears("alice", message_edited(message(12, "old", is_edited=True)))
    story.hears("alice", reaction_updated(reaction(12, "bob")))
    assert story.findings() == ()


def test_a_room_that_was_shown_before_is_not_new_whatever_the_answer_says() -> None:
    """Statuses are our reading: a server that answers 201 whether it made the conversation or found it breaks that, and no more."""
    story = Story(room=False)
    participants = [{"id": IDS[name], "username": name} for name in ("alice", "bob")]
    listed = {
        "id": 7,
        "title": "Chat with bob",
        "participants": participants,
        "last_message": None,
        "unread_count": 0,
    }
    story.lists_rooms("alice", listed)
    story.starts("alice", "bob", status=201)
    story.listens("alice")
    story.hears("alice", new_message(message(99, "from elsewhere")))
    assert [(one.check, one.basis) for one in story.findings()] == [("start-is-idempotent", "decided")]


def test_reading_that_marks_as_read_is_only_decided_against() -> None:
    """No document says that reading a page marks nothing; many servers do mark."""
    story = Story(foreign=True)
    story.sends("alice", "hi", 31)
    story.listens("alice")
    story.lists("bob", message(31, "hi"))
    story.hears("alice", read_receipt("bob", 31))
    assert story.the_finding("event-has-a-cause").basis == "decided"


def test_what_nobody_answered_is_a_cause() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("bob")
    story.has_no_answer(story.is_editing("alice", 31, "ho"))
    story.hears("bob", message_edited(message(31, "ho", is_edited=True)))
    assert {one.check for one in story.findings()} == {"answered"}


def test_a_text_said_on_a_socket_that_the_server_trims_has_its_cause() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.says("alice", "  hi  ")
    story.hears("bob", new_message(message(31, "hi")))
    # That nothing is trimmed is our reading.
    assert story.the_finding("text-comes-back").basis == "decided"


def test_a_frame_that_is_no_documented_event_has_none_to_have() -> None:
    story = Story(foreign=True)
    story.listens("bob")
    story.hears("bob", {"type": "connection_established"})
    assert story.the_finding("frame-schema").basis == "decided"
