"""What is not for somebody's ears does not reach them."""

from __future__ import annotations

import pytest

from earwitness.checks.delivery_stray import find
from earwitness.spec import Audience
from tests.shapes import IDS, Object, message, message_deleted, new_message, reaction, reaction_updated
from tests.story import Story
from tests.tale import Tale

HI = new_message(message(31, "hi"))


def test_those_who_must_and_those_who_may_hear_it() -> None:
    """The sender may hear its own message: the document says neither way."""
    story = Story()
    for member in ("alice", "bob", "carol"):
        story.listens(member)
    story.sends("alice", "hi", 31)
    story.hears("alice", HI), story.hears("bob", HI)
    assert story.findings() == ()


def test_an_outsider_who_hears_a_message_is_found() -> None:
    story = Story()
    story.listens("bob"), story.listens("carol")
    sent = story.sends("alice", "hi", 31)
    story.hears("bob", HI)
    heard = story.hears("carol", HI)
    finding = story.the_finding("delivery-stray")
    assert finding.evidence == (sent.n, heard)
    assert (finding.basis, finding.severity, finding.clause) == ("stated", "critical", "5.MSG")
    assert finding.cause.endswith(":outsider")


@pytest.mark.parametrize(
    ("verb", "frame"),
    [("reacts", reaction_updated(reaction(31, "alice"))), ("deletes", message_deleted(31))],
)
def test_an_outsider_hears_of_nothing_else_either(verb: str, frame: Object) -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("carol")
    getattr(story, verb)("alice", 31)
    story.hears("carol", frame)
    assert story.the_finding("delivery-stray").basis == "stated"


def test_a_stray_that_comes_long_after_the_exercise_still_counts() -> None:
    story = Story()
    story.listens("carol")
    sent = story.sends("alice", "hi", 31)
    story.settles()
    story.case_ends().case("another").waits()
    heard = story.hears("carol", HI)
    finding = story.the_finding("delivery-stray")
    assert finding.evidence == (sent.n, heard)


def test_a_stray_before_the_answer_counts() -> None:
    story = Story()
    story.listens("carol")
    asked = story.is_sending("alice", "hi")
    heard = story.hears("carol", HI)
    story.is_sent(asked, message(31, "hi"))
    assert story.the_finding("delivery-stray").evidence == (asked.n, heard)


def test_who_listens_without_a_token_is_an_outsider_to_everything() -> None:
    story = Story()
    story.listens("bob", "nobody", role="bad-token")
    story.sends("alice", "hi", 31)
    story.hears("bob", HI, "nobody")
    assert {one.check for one in story.findings()} == {"delivery-stray", "handshake-refuses"}


def test_the_same_text_in_two_rooms_is_told_apart_by_the_room() -> None:
    """Neither message has an id that anybody knows: each was said on a socket."""
    story = Story()
    story.starts("alice", "carol", room=8)
    for member in ("alice", "bob", "carol"):
        story.listens(member)
    story.says("alice", "hello", room=7), story.says("alice", "hello", room=8)
    story.hears("carol", new_message(message(32, "hello", conversation_id=8)))
    story.hears("bob", new_message(message(31, "hello", conversation_id=7)))
    assert story.findings() == ()


def test_the_same_text_in_two_rooms_is_told_apart_by_who_may_hear_it() -> None:
    """A server need not show the room: that a message names its conversation is our reading."""
    story = Story()
    story.starts("alice", "carol", room=8)
    for member in ("alice", "bob", "carol"):
        story.listens(member)
    story.says("alice", "hello", room=7), story.says("alice", "hello", room=8)
    for member, number in (("carol", 32), ("bob", 31)):
        shown = message(number, "hello")
        del shown["conversation_id"]
        story.hears(member, new_message(shown))
    assert story.findings() == ()


def test_a_room_that_was_listed_without_the_caller_makes_nobody_an_outsider() -> None:
    """A pair has two members, whoever of them an answer leaves out."""
    story = Story(room=False)
    listed = {"id": 7, "title": "Chat with bob", "participants": [{"id": IDS["bob"], "username": "bob"}]}
    story.lists_rooms("alice", listed | {"last_message": None, "unread_count": 0})
    story.listens("alice"), story.listens("bob")
    story.sends("alice", "hi", 31)
    story.hears("alice", HI), story.hears("bob", HI)
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_who_is_in_a_room_that_nobody_has_shown_is_not_known() -> None:
    story = Story(room=False)
    story.listens("carol")
    story.sends("alice", "hi", 31)
    story.hears("carol", HI)
    assert story.findings() == ()


@pytest.mark.parametrize(("hearing", "basis"), [("alice-club-5", "stated"), ("alice-phone", "decided")])
def test_whether_another_device_of_who_said_it_is_another_is_said_by_no_document(
    hearing: str, basis: str
) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    ear = tale.opens("alice", "club", 5)
    tale.opens("alice", "club", 5, "alice-phone")
    tale.says(ear, "send-text", type="write", text="mine")
    tale.hears_letter(hearing, "alice", "mine", 31)
    world = tale.world()
    (due,) = (one for one in world.delivery.dues if one.event == "message-created")
    due.audience, due.must, due.may = Audience("others", "nobody", "stated", ""), (), ()
    (finding,) = find(world)
    assert finding.basis == basis
