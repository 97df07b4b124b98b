"""A member's rooms are listed by their latest message, the most recent first (section 2.A)."""

from __future__ import annotations

from tests.shapes import conversation, message
from tests.story import Story


def told() -> Story:
    story = Story()
    story.starts("alice", "carol", room=8)
    return story


WITH_BOB = conversation(7, ("alice", "bob"))
WITH_CAROL = conversation(8, ("alice", "carol"))


def test_the_room_of_the_latest_message_first_is_fine() -> None:
    story = told()
    story.sends("alice", "there", 31, room=8), story.sends("alice", "here", 32, room=7)
    story.lists_rooms("alice", WITH_BOB, WITH_CAROL)
    assert story.findings() == ()


def test_an_older_room_first_is_found() -> None:
    story = told()
    story.sends("alice", "there", 31, room=8), story.sends("alice", "here", 32, room=7)
    listed = story.lists_rooms("alice", WITH_CAROL, WITH_BOB)
    finding = story.the_finding("room-order")
    assert (finding.evidence, finding.basis, finding.clause) == ((listed.n,), "stated", "2.A")


def test_messages_at_the_same_time_give_no_order() -> None:
    for shown in ((WITH_BOB, WITH_CAROL), (WITH_CAROL, WITH_BOB)):
        story = told()
        here, there = story.is_sending("alice", "here", room=7), story.is_sending("alice", "there", room=8)
        story.is_sent(here, message(31, "here"))
        story.is_sent(there, message(32, "there", conversation_id=8))
        story.lists_rooms("alice", *shown)
        assert story.findings() == ()


def test_rooms_without_a_message_have_a_place_that_we_only_decided() -> None:
    story = told()
    story.sends("alice", "here", 31, room=7)
    story.lists_rooms("alice", WITH_CAROL, WITH_BOB)
    assert story.findings() == ()


def test_a_deleted_message_may_count_or_not() -> None:
    for shown in ((WITH_BOB, WITH_CAROL), (WITH_CAROL, WITH_BOB)):
        story = told()
        story.sends("alice", "here", 31, room=7), story.sends("alice", "there", 32, room=8)
        story.sends("alice", "here again", 33, room=7)
        story.deletes("alice", 33)
        story.lists_rooms("alice", *shown)
        assert story.findings() == ()


def test_a_message_that_nobody_answered_may_have_come() -> None:
    story = told()
    story.sends("alice", "there", 31, room=8)
    story.sends("alice", "here", 32, room=7)
    story.has_no_answer(story.is_sending("alice", "there again", room=8))
    story.lists_rooms("alice", WITH_CAROL, WITH_BOB)
    assert {one.check for one in story.findings()} == {"answered"}


def test_in_a_room_with_somebody_else_there_may_be_later_messages() -> None:
    story = Story(room=False)
    with_customer = conversation(8) | {
        "participants": [{"id": 1, "username": "alice"}, {"id": 900, "username": "x"}]
    }
    story.lists_rooms("alice", with_customer)
    story.starts("alice", "bob", status=200)
    story.sends("alice", "to the customer", 31, room=8), story.sends("alice", "here", 32, room=7)
    story.lists_rooms("alice", with_customer, WITH_BOB)
    assert story.findings() == ()
