"""What happened once is heard once on a socket, and once on each."""

from __future__ import annotations

from earwitness.history import Body
from tests.shapes import message, new_message, reaction, reaction_updated, read_receipt
from tests.story import Story

HI = new_message(message(31, "hi"))


def test_each_device_hears_a_message_once() -> None:
    story = Story()
    story.listens("bob"), story.listens("bob", "tablet")
    story.sends("alice", "hi", 31)
    story.hears("bob", HI), story.hears("bob", HI, "tablet")
    assert story.findings() == ()


def test_a_message_that_is_heard_twice_is_found() -> None:
    story = Story()
    story.listens("bob")
    sent = story.sends("alice", "hi", 31)
    first, again = story.hears("bob", HI), story.hears("bob", HI)
    finding = story.the_finding("delivery-duplicate")
    assert finding.evidence == (sent.n, first, again)
    assert (finding.basis, finding.clause) == ("stated", "5.MSG")


def test_a_second_device_that_hears_it_twice_is_found() -> None:
    story = Story()
    story.listens("bob"), story.listens("bob", "tablet")
    sent = story.sends("alice", "hi", 31)
    story.hears("bob", HI)
    first, again = story.hears("bob", HI, "tablet"), story.hears("bob", HI, "tablet")
    assert story.the_finding("delivery-duplicate").evidence == (sent.n, first, again)


def test_a_duplicate_that_comes_after_the_end_of_the_exercise_still_counts() -> None:
    story = Story()
    story.listens("bob")
    sent = story.sends("alice", "hi", 31)
    first = story.hears("bob", HI)
    story.settles()
    story.case_ends().waits()
    again = story.hears("bob", HI)
    assert story.the_finding("delivery-duplicate").evidence == (sent.n, first, again)


def test_two_messages_of_the_same_text_are_two() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31), story.sends("alice", "hi", 32)
    story.hears("bob", HI), story.hears("bob", new_message(message(32, "hi")))
    assert story.findings() == ()


def test_two_texts_said_on_a_socket_are_two_though_nobody_knows_their_ids() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.says("alice", "hi"), story.says("alice", "hi")
    story.hears("bob", HI), story.hears("bob", new_message(message(32, "hi")))
    assert story.findings() == ()


def test_a_message_that_is_heard_twice_is_not_taken_for_another_of_that_text_which_nobody_answered() -> None:
    story = Story()
    story.listens("bob")
    story.has_no_answer(story.is_sending("alice", "hi"))
    sent = story.sends("alice", "hi", 31)
    first, again = story.hears("bob", HI), story.hears("bob", HI)
    found = {one.check: one.evidence for one in story.findings()}
    assert found == {"answered": found["answered"], "delivery-duplicate": (sent.n, first, again)}


def test_a_sender_may_hear_its_own_message_on_every_device() -> None:
    story = Story()
    for socket in ("s-alice", "tablet"):
        story.listens("alice", socket)
    story.sends("alice", "hi", 31)
    story.hears("alice", HI), story.hears("alice", HI, "tablet")
    assert story.findings() == ()


def test_a_reaction_and_its_removal_are_two_events() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    story.reacts("alice", 31), story.hears("alice", reaction_updated(reaction(31, "alice")))
    story.reacts("alice", 31, reacted=False)
    story.hears("alice", reaction_updated(reaction(31, "alice", reacted=False)))
    assert story.findings() == ()


def test_a_server_may_tell_of_a_reaction_that_was_replaced_as_well() -> None:
    """The document says that another reaction replaces the first (FEAT-3), and not in how many events that is told."""
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    story.reacts("alice", 31), story.hears("alice", reaction_updated(reaction(31, "alice")))
    story.reacts("alice", 31, "❤️")
    story.hears("alice", reaction_updated(reaction(31, "alice", reacted=False)))
    story.hears("alice", reaction_updated(reaction(31, "alice", "❤️")))
    assert story.findings() == ()


def test_receipts_that_come_again_are_only_decided() -> None:
    """Only what is newly read has a receipt: our reading, since section 3 says nothing of it."""
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    for number in (1, 0):
        story.marks("bob", number)
        story.hears("alice", read_receipt("bob", 31))
    assert story.the_finding("delivery-duplicate").basis == "decided"


def test_bytes_that_are_no_frame_are_no_duplicate() -> None:
    story = Story()
    story.listens("bob")
    for _ in range(2):
        story.hears("bob", Body("base64", "AAEC"))
    assert {one.check for one in story.findings()} == {"frame-schema"}
