"""Who has no valid token gets no socket: refused, or closed before anything is heard."""

from __future__ import annotations

import pytest

from tests.shapes import message, new_message
from tests.story import Story

STRANGERS = ["anonymous", "bad-token", "tampered-token", "expired"]


@pytest.mark.parametrize("role", STRANGERS)
@pytest.mark.parametrize("status", [401, 403, 0])
def test_a_stranger_who_is_refused_is_fine(role: str, status: int) -> None:
    """Without a status the connection was cut: rude, and a refusal."""
    story = Story()
    story.is_turned_away(story.is_opening("bob", role=role), status)
    assert story.findings() == ()


def test_a_stranger_whose_socket_is_closed_at_once_is_refused() -> None:
    story = Story()
    story.closes(story.listens("bob", role="anonymous"), "server", 4401)
    assert story.findings() == ()


def test_a_stranger_who_is_told_why_before_the_close_is_refused() -> None:
    """Whoever is refused must hear nothing of what happens; how it is said matters less (decided)."""
    story = Story(foreign=True)
    opened = story.listens("bob", role="anonymous")
    story.hears("bob", {"type": "error", "code": 4401})
    story.closes(opened, "server", 4401)
    assert {(one.check, one.basis) for one in story.findings()} == {("frame-schema", "decided")}


@pytest.mark.parametrize("role", STRANGERS)
def test_a_stranger_whose_socket_opens_is_found(role: str) -> None:
    story = Story()
    opened = story.listens("bob", role=role)
    closed = story.closes(opened)
    finding = story.the_finding("handshake-refuses")
    assert finding.evidence == (closed - 2,)
    assert (finding.basis, finding.severity, finding.clause) == ("stated", "critical", "3")


def test_a_stranger_who_hears_something_before_the_close_is_found() -> None:
    story = Story()
    opened = story.listens("bob", role="anonymous")
    story.sends("alice", "hi", 31)
    story.hears("bob", new_message(message(31, "hi")))
    story.closes(opened, "server", 4401)
    assert {one.check for one in story.findings()} == {"handshake-refuses", "delivery-stray"}


@pytest.mark.parametrize("status", [400, 404, 500])
def test_another_status_is_a_refusal_of_our_reading_only(status: int) -> None:
    story = Story()
    story.is_turned_away(story.is_opening("bob", role="anonymous"), status)
    assert story.the_finding("handshake-refuses").basis == "decided"


def test_a_handshake_that_is_not_over_is_no_finding() -> None:
    story = Story()
    story.is_opening("bob", role="anonymous")
    assert story.findings() == ()
