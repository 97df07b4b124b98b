"""A list of sessions holds the member's own."""

from __future__ import annotations

import pytest

from tests.saga import DAY_S, Saga


def connected(*, foreign: bool = False) -> Saga:
    """Alice with two sockets, bob with one, carol with none."""
    saga = Saga(foreign=foreign)
    saga.founded(5, "group", "alice", "bob", "carol")
    saga.listens("alice", 5, "first"), saga.listens("alice", 5, "second")
    saga.hears_of("first", "user_joined", "alice"), saga.listens("bob", 5)
    for one in ("first", "second"):
        saga.hears_of(one, "user_joined", "bob")
    return saga


def sessions(saga: Saga) -> list[tuple[str, str]]:
    return [one for one in saga.found() if one[0] != "delivery-lost"]


def test_everybody_is_shown_their_own() -> None:
    saga = connected()
    saga.lists_sessions("alice", 1, 2), saga.lists_sessions("bob", 3), saga.lists_sessions("carol")
    assert saga.found() == []


@pytest.mark.parametrize(("shown", "basis"), [((1, 2, 3), "stated"), ((1,), "decided"), ((), "decided")])
def test_more_than_one_s_own_and_fewer_are_found(shown: tuple[int, ...], basis: str) -> None:
    saga = connected()
    saga.lists_sessions("alice", *shown)
    assert saga.found() == [("sessions-are-own", basis)]


def test_a_session_that_two_are_shown_is_found() -> None:
    saga = connected(foreign=True)
    saga.lists_sessions("alice", 1, 2, 9), saga.lists_sessions("bob", 2)
    assert saga.found() == [("sessions-are-own", "stated")]


def test_on_real_accounts_only_what_is_new_tells() -> None:
    for shown in ((7, 8, 9), (7, 8, 9, 10)):
        saga = Saga(foreign=True)
        saga.founded(5, "group", "alice", "bob")
        saga.lists_sessions("alice", 7, 8), saga.listens("alice", 5), saga.lists_sessions("alice", *shown)
        assert saga.found() == ([("sessions-are-own", "stated")] if len(shown) > 3 else [])


@pytest.mark.parametrize("still", [False, True])
def test_that_a_closed_socket_leaves_the_list_is_our_reading(still: bool) -> None:
    saga = connected()
    saga.closes("second"), saga.waits()
    saga.lists_sessions("alice", *((1, 2) if still else (1,)))
    assert sessions(saga) == ([("sessions-are-own", "decided")] if still else [])


@pytest.mark.parametrize("shown", [(1,), (1, 2)])
def test_a_socket_that_is_closing_may_be_listed_or_not(shown: tuple[int, ...]) -> None:
    saga = connected()
    saga.closes("second"), saga.lists_sessions("alice", *shown)
    assert sessions(saga) == []


@pytest.mark.parametrize("left", [(1, 2), (1,), ()])
def test_cleaning_up_leaves_what_is_open(left: tuple[int, ...]) -> None:
    saga = connected()
    saga.lists_sessions("alice", 1, 2), saga.moves_the_clock(DAY_S + 60), saga.cleans_up("alice", 0)
    saga.lists_sessions("alice", *left)
    assert {("sessions-are-own", "stated")} <= set(saga.found()) if len(left) < 2 else saga.found() == []
