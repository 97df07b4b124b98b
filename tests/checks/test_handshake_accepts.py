"""A member with a valid token gets a socket, and the server does not end it on its own."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.story import Story


def test_a_socket_that_opens_and_that_we_close_is_fine() -> None:
    story = Story()
    story.closes(story.listens("bob"))
    assert story.findings() == ()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_member_who_is_turned_away_is_found(status: int) -> None:
    story = Story()
    opening = story.is_opening("bob")
    refused = story.is_turned_away(opening, status)
    finding = story.the_finding("handshake-accepts")
    assert finding.evidence == (refused - 1, refused)
    assert (finding.basis, finding.clause) == ("stated", "3")


@pytest.mark.parametrize(
    ("by", "code"), [("server", 1011), ("server", 1002), ("nobody", 1006), ("server", 1006)]
)
def test_a_socket_that_the_server_fails_to_keep_is_found(by: Literal["server", "nobody"], code: int) -> None:
    story = Story()
    opened = story.listens("bob")
    closed = story.closes(opened, by, code)
    assert story.the_finding("handshake-accepts").evidence == (closed - 2, closed)


@pytest.mark.parametrize("code", [1000, 1001, 1008, 4000])
def test_a_server_may_close_for_a_reason_of_its_own(code: int) -> None:
    story = Story()
    story.closes(story.listens("bob"), "server", code)
    assert story.findings() == ()


def test_a_connection_that_was_never_made_is_no_refusal() -> None:
    story = Story()
    story.is_turned_away(story.is_opening("bob"), 0)
    assert story.findings() == ()


def test_who_comes_too_often_is_told_to_wait() -> None:
    story = Story()
    story.is_turned_away(story.is_opening("bob"), 429)
    assert story.findings() == ()


def test_a_socket_that_is_still_opening_at_the_end_is_no_finding() -> None:
    story = Story()
    story.is_opening("bob")
    assert story.findings() == ()


def test_strangers_are_not_owed_a_socket() -> None:
    story = Story()
    story.is_turned_away(story.is_opening("bob", role="anonymous"), 401)
    assert story.findings() == ()
