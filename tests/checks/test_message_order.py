"""A room's messages are listed newest first (shown by the sample of section 2.C)."""

from __future__ import annotations

from tests.shapes import message
from tests.story import Story

ONE, TWO, THREE = (message(number, text) for number, text in ((31, "one"), (32, "two"), (33, "three")))


def told(*texts: tuple[int, str]) -> Story:
    story = Story()
    for number, text in texts:
        story.sends("alice", text, number)
    return story


def test_the_newest_first_is_fine() -> None:
    story = told((31, "one"), (32, "two"), (33, "three"))
    story.lists("bob", THREE, TWO, ONE)
    assert story.findings() == ()


def test_the_oldest_first_is_found_and_rests_on_a_sample() -> None:
    story = told((31, "one"), (32, "two"))
    listed = story.lists("bob", ONE, TWO)
    finding = story.the_finding("message-order")
    assert (finding.evidence, finding.basis, finding.clause) == ((listed.n,), "shown", "2.C")
    assert finding.expected == "newest-first: 'one' is older than 'two'"


def test_messages_that_were_sent_at_once_may_be_listed_either_way() -> None:
    for shown in ((ONE, TWO), (TWO, ONE)):
        story = Story()
        one, other = story.is_sending("alice", "one"), story.is_sending("bob", "two")
        story.is_sent(one, ONE), story.is_sent(other, TWO | {"sender": {"id": 2, "username": "bob"}})
        story.lists("bob", *(m if m is ONE else m | {"sender": {"id": 2, "username": "bob"}} for m in shown))
        assert story.findings() == ()


def test_a_message_between_them_that_has_no_order_hides_nothing() -> None:
    story = Story()
    between = story.is_sending("bob", "two")
    story.sends("alice", "one", 31), story.sends("alice", "three", 33)
    bobs = TWO | {"sender": {"id": 2, "username": "bob"}}
    story.is_sent(between, bobs)
    story.lists("bob", ONE, bobs, THREE)
    story.the_finding("message-order")


def test_old_messages_of_a_real_account_have_an_order_that_nobody_knows() -> None:
    story = told((31, "one"))
    story.lists("bob", message(12, "old"), ONE, message(99, "written elsewhere meanwhile"))
    assert story.findings() == ()


def test_an_answer_that_nobody_got_leaves_the_order_open() -> None:
    story = Story()
    story.has_no_answer(story.is_sending("alice", "one"))
    story.sends("alice", "two", 32)
    story.lists("bob", ONE, TWO)
    assert {one.check for one in story.findings()} == {"answered"}


def test_an_edit_moves_nothing() -> None:
    story = told((31, "one"), (32, "two"))
    story.edits("alice", 31, "uno")
    story.lists("bob", message(31, "uno", is_edited=True), TWO)
    story.the_finding("message-order")
