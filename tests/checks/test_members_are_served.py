"""What the document lets a member do succeeds for that member."""

from __future__ import annotations

import pytest

from tests.shapes import REFUSED, message
from tests.story import Story


def test_members_who_are_served_are_fine_whatever_2xx_says_so() -> None:
    """No sample shows a status: which 2xx it is, is our reading, and another one is for the schema to judge."""
    story = Story()
    story.is_sent(story.is_sending("alice", "hi"), message(31, "hi"), status=200)
    assert {(one.check, one.basis) for one in story.findings()} == {("response-schema", "decided")}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_member_who_is_refused_in_its_own_room_is_found(status: int) -> None:
    story = Story()
    asked = story.answers(story.is_sending("alice", "hi"), status, REFUSED)
    finding = next(one for one in story.findings() if one.check == "members-are-served")
    assert finding.evidence == (asked.n, asked.answer)
    assert (finding.basis, finding.clause, finding.cause) == (
        "stated",
        "2.D",
        "members-are-served:sendMessage",
    )


def test_a_peer_who_may_not_react_is_found() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.answers(story.is_reacting("bob", 31), 404, REFUSED)
    assert story.the_finding("members-are-served").clause == "2.F"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_who_comes_too_often_or_meets_a_failure_is_judged_elsewhere(status: int) -> None:
    story = Story()
    story.answers(story.is_sending("alice", "hi"), status, REFUSED)
    assert "members-are-served" not in {one.check for one in story.findings()}


def test_an_outsider_is_owed_nothing() -> None:
    story = Story()
    story.answers(story.is_sending("carol", "hi"), 404, REFUSED)
    assert story.findings() == ()


def test_a_room_of_unknown_members_owes_nothing() -> None:
    story = Story(room=False)
    story.answers(story.is_listing("alice", room=55), 404, REFUSED)
    assert story.findings() == ()


def test_a_message_that_is_deleted_meanwhile_owes_nothing() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    deleting, reacting = story.is_deleting("alice", 31), story.is_reacting("bob", 31)
    story.answers(deleting, 200, {"success": True, "message": "Message deleted"})
    story.answers(reacting, 404, REFUSED)
    assert story.findings() == ()


def test_requests_that_were_made_up_are_owed_nothing() -> None:
    story = Story()
    story.answers(story.is_sending("alice", "hi", verb="", source="generated fuzzing"), 400, REFUSED)
    assert story.findings() == ()


def test_a_stranger_is_owed_nothing() -> None:
    story = Story()
    story.answers(story.is_sending("alice", "hi", role="bad-token"), 401, REFUSED)
    assert story.findings() == ()
