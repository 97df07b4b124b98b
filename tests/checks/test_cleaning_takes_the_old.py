"""Cleaning up takes sessions that ended long ago."""

from __future__ import annotations

import pytest

from tests.saga import DAY_S, Saga


def ended(*, foreign: bool = False) -> Saga:
    """Alice and bob have each had a socket."""
    saga = Saga(foreign=foreign)
    saga.founded(5, "group", "alice", "bob")
    for one in ("alice", "bob"):
        saga.listens(one, 5), saga.closes(f"{one}-5")
    saga.waits(5_000)
    return saga


@pytest.mark.parametrize(("hours", "right"), [(1, 0), (23, 0), (25, 1)])
@pytest.mark.parametrize("count", [0, 1])
def test_what_ended_more_than_a_day_ago_is_taken(hours: int, right: int, count: int) -> None:
    saga = ended()
    saga.moves_the_clock(3600 * hours), saga.cleans_up("alice", count)
    assert saga.found() == ([] if count == right else [("cleaning-takes-the-old", "stated")])


def test_when_the_day_is_just_over_either_may_be() -> None:
    for count in (0, 1):
        saga = ended()
        saga.moves_the_clock(DAY_S - 5), saga.cleans_up("alice", count)
        assert saga.found() == []


def test_it_is_taken_once() -> None:
    for count in (0, 1):
        saga = ended()
        saga.moves_the_clock(DAY_S + 60), saga.cleans_up("alice", 1), saga.cleans_up("alice", count)
        # What is counted again has not been taken, or is bob's.
        assert saga.found() == ([] if count == 0 else [("cleaning-takes-the-old", "decided")])


def test_that_others_sessions_are_theirs_to_clean_up_is_our_reading() -> None:
    saga = ended()
    saga.moves_the_clock(DAY_S + 60), saga.cleans_up("alice", 2), saga.cleans_up("bob", 0)
    assert saga.found() == [("cleaning-takes-the-old", "decided"), ("cleaning-takes-the-old", "stated")]


def test_what_is_open_is_not_taken_however_old() -> None:
    for count in (1, 2):
        saga = ended()
        saga.listens("alice", 5, "still open")
        saga.moves_the_clock(DAY_S + 60), saga.cleans_up("alice", count)
        assert [one for one in saga.found() if one[0] != "sessions-are-own"] == (
            [] if count == 1 else [("cleaning-takes-the-old", "decided")]
        )


def test_real_accounts_may_have_old_sessions_of_their_own() -> None:
    for count, again in ((9, 0), (9, 3)):
        saga = ended(foreign=True)
        saga.cleans_up("alice", count), saga.cleans_up("alice", again)
        assert saga.found() == ([] if again == 0 else [("cleaning-takes-the-old", "stated")])
