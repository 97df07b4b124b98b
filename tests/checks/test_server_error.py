"""No request makes the server fail, whoever sends it and however little it fits."""

from __future__ import annotations

import pytest

from tests.shapes import REFUSED
from tests.story import Story


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("role", ["member", "anonymous"])
def test_a_failure_is_found(status: int, role: str) -> None:
    story = Story()
    asked = story.answers(
        story.is_sending("alice", "hi", role=role, verb="", source="generated"), status, "oops"
    )
    finding = story.the_finding("server-error")
    assert finding.cause == f"server-error:sendMessage:{status}"
    assert (finding.evidence, finding.basis, finding.clause) == ((asked.n, asked.answer), "stated", "2.D")


@pytest.mark.parametrize("status", [400, 404, 429])
def test_a_refusal_is_no_failure(status: int) -> None:
    story = Story()
    story.answers(story.is_sending("alice", "hi", verb="", source="generated"), status, REFUSED)
    assert story.findings() == ()


def test_what_failed_may_have_been_done_or_not() -> None:
    story = Story()
    story.sends("alice", "helo", 31)
    story.answers(story.is_deleting("alice", 31), 500)
    story.lists("bob")
    story.reacts("bob", 31)
    assert {one.check for one in story.findings()} == {"server-error"}
