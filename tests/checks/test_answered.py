"""A request on an open connection is answered; one that could not even be made is nobody's fault."""

from __future__ import annotations

import pytest

from tests.shapes import message
from tests.story import Story


def test_a_request_that_is_answered_is_fine() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    assert story.findings() == ()


@pytest.mark.parametrize("reason", ["timeout", "cut", "malformed"])
def test_a_request_that_stays_without_an_answer_is_found(reason: str) -> None:
    story = Story()
    asked = story.has_no_answer(story.is_sending("alice", "hi"), reason)
    finding = story.the_finding("answered")
    assert finding.evidence == (asked.n, asked.answer)
    assert (finding.cause, finding.clause, finding.basis) == (
        f"answered:sendMessage:{reason}",
        "2.D",
        "stated",
    )


def test_a_connection_that_was_never_made_is_no_finding() -> None:
    story = Story()
    story.has_no_answer(story.is_sending("alice", "hi"), "refused")
    assert story.findings() == ()


def test_a_request_that_is_under_way_when_the_history_ends_is_no_finding() -> None:
    story = Story()
    story.is_sending("alice", "hi")
    assert story.findings() == ()


def test_what_nobody_answered_may_have_been_done_and_need_not() -> None:
    """An operation without an answer is unknown: its event may be heard, once, and need not be (design, section 5)."""
    unheard, heard = Story(), Story()
    for story in (unheard, heard):
        story.listens("bob")
        story.has_no_answer(story.is_sending("alice", "is it there?"))
    heard.hears("bob", {"type": "new_message", "message": message(31, "is it there?")})
    assert [one.check for one in unheard.findings()] == ["answered"]
    assert [one.check for one in heard.findings()] == ["answered"]
