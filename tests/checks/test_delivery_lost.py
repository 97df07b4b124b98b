"""What is due is heard on every socket of everybody who must hear it, before the deadline."""

from __future__ import annotations

import pytest

from earwitness.checks import all_findings
from tests.shapes import (
    message,
    message_deleted,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
    read_receipt,
)
from tests.story import DEADLINE_MS, Story

HI = new_message(message(31, "hi"))


def test_every_event_that_is_heard_is_fine() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.sends("alice", "hi", 31), story.hears("bob", HI)
    story.edits("alice", 31, "ho"), story.hears("bob", message_edited(message(31, "ho", is_edited=True)))
    story.reacts("bob", 31)
    for member in ("alice", "bob"):
        story.hears(member, reaction_updated(reaction(31, "bob")))
    story.marks("bob", 1), story.hears("alice", read_receipt("bob", 31))
    story.deletes("alice", 31), story.hears("bob", message_deleted(31))
    assert story.findings() == ()


def test_a_message_that_the_peer_does_not_hear_is_lost() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    sent = story.sends("alice", "hi", 31)
    finding = story.the_finding("delivery-lost")
    opened = next(entry.n for entry in story.entries if getattr(entry, "socket", "") == "s-bob")
    assert finding.evidence == (sent.n, opened)
    assert (finding.cause, finding.basis, finding.clause) == (
        "delivery-lost:message-created:send-text/http",
        "stated",
        "5.MSG",
    )


def test_one_of_two_devices_that_does_not_hear_it_is_a_loss() -> None:
    story = Story()
    story.listens("bob"), story.listens("bob", "tablet")
    story.sends("alice", "hi", 31)
    story.hears("bob", HI)
    assert "1 of 2 sockets" in story.the_finding("delivery-lost").heard


def test_a_reaction_is_due_to_the_one_who_reacts_as_well() -> None:
    """FEAT-4: everyone hears it, the one who reacts included."""
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice"), story.listens("bob")
    story.reacts("bob", 31)
    story.hears("alice", reaction_updated(reaction(31, "bob")))
    finding = story.the_finding("delivery-lost")
    assert (finding.clause, finding.basis) == ("5.FEAT", "stated")
    assert finding.expected.startswith("bob hear")


def test_a_receipt_that_is_not_heard_is_only_decided() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    story.marks("bob", 1)
    assert story.the_finding("delivery-lost").basis == "decided"


def test_what_is_heard_after_the_deadline_is_lost() -> None:
    story = Story()
    story.listens("bob")
    sent = story.sends("alice", "hi", 31)
    heard = story.waits(DEADLINE_MS + 50).hears("bob", HI)
    assert story.the_finding("delivery-lost").evidence == (sent.n, heard)


def test_what_is_heard_just_before_the_deadline_is_fine() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    story.waits(DEADLINE_MS - 1).hears("bob", HI)
    assert story.findings() == ()


def test_an_event_may_come_before_the_answer() -> None:
    story = Story()
    story.listens("bob")
    asked = story.is_sending("alice", "hi")
    story.hears("bob", HI)
    story.waits(5 * DEADLINE_MS)
    story.is_sent(asked, message(31, "hi"))
    assert story.findings() == ()


@pytest.mark.parametrize("name", ["alice", "carol"])
def test_neither_the_sender_nor_an_outsider_need_hear_it(name: str) -> None:
    story = Story()
    story.listens(name)
    story.sends("alice", "hi", 31)
    assert story.findings() == ()


def test_a_socket_that_opens_while_the_message_is_sent_need_not_hear_it_and_may() -> None:
    for hears in (False, True):
        story = Story()
        story.is_opening("bob")
        asked = story.is_sending("alice", "hi")
        story.is_open("s-bob")
        story.is_sent(asked, message(31, "hi"))
        if hears:
            story.hears("bob", HI)
        assert story.findings() == ()


def test_a_socket_that_closes_before_the_deadline_need_not_hear_it() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    story.closes("s-bob")
    assert story.findings() == ()


def test_a_history_that_was_cut_off_before_the_deadline_proves_nothing() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    assert story.world().delivery.outstanding()
    assert all_findings(story.world()) == ()


def test_an_exercise_that_waited_and_gave_up_proves_it() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    story.settles(complete=False)
    finding = story.the_finding("delivery-lost")
    assert finding.case == "c"


def test_what_was_refused_or_failed_is_due_to_nobody() -> None:
    for status in (404, 429, 500, 302):
        story = Story()
        story.listens("bob")
        story.answers(story.is_sending("alice", "hi", verb=""), status, {"success": False})
        assert "delivery-lost" not in {one.check for one in story.findings()}


def test_a_text_on_a_socket_is_due_by_our_reading_alone() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    said = story.says("alice", "hi")
    finding = story.the_finding("delivery-lost")
    assert (finding.evidence[0], finding.basis) == (said.n, "decided")


def test_a_frame_for_a_room_of_others_is_due_to_nobody() -> None:
    story = Story()
    story.listens("bob"), story.listens("carol")
    story.says("carol", "not my room")
    assert story.findings() == ()


def test_starting_without_a_text_sends_no_message() -> None:
    story = Story(room=False)
    story.listens("bob")
    story.starts("alice", "bob")
    assert story.findings() == ()


def test_starting_with_a_text_sends_one_by_our_reading() -> None:
    story = Story(room=False)
    story.listens("bob")
    story.starts("alice", "bob", text="still available?")
    assert story.the_finding("delivery-lost").basis == "decided"


def test_a_receipt_for_a_message_that_was_sent_meanwhile_need_not_come() -> None:
    for hears in (False, True):
        story = Story()
        story.listens("alice")
        marking = story.is_marking("bob")
        story.sends("alice", "meanwhile", 31)
        story.has_marked(marking, int(hears))
        if hears:
            story.hears("alice", read_receipt("bob", 31))
        # Whether it was marked then or is only now, nobody can tell: neither receipt is due for certain.
        story.marks("bob", int(not hears))
        assert story.findings() == ()
