"""A list of who is typing holds those who have just said so."""

from __future__ import annotations

import pytest

from tests.saga import Object, Saga, room_id, user
from tests.tale import DEADLINE_MS, Tale


@pytest.mark.parametrize(
    ("typed", "waited_ms", "found"),
    [
        (True, 29_000, []),
        (True, 30_000 + DEADLINE_MS // 2, []),
        (True, 30_000 + 2 * DEADLINE_MS, [("typing-expires", "stated")]),
        (False, 1, [("typing-expires", "stated")]),
    ],
)
def test_who_is_listed_has_typed_lately(typed: bool, waited_ms: int, found: list[tuple[str, str]]) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    ear = tale.opens("bob", "club", 5)
    tale.says(ear, "type", type="type", on=typed)
    tale.waits(waited_ms)
    tale.asks("alice", "listTyping", 200, [2], verb="list-typing", club=5)
    assert tale.found() == found


def test_whoever_has_not_typed_need_not_be_listed() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.asks("alice", "listTyping", 200, [], verb="list-typing", club=5)
    assert tale.found() == []


def test_of_a_room_with_a_past_nobody_knows_who_typed_before() -> None:
    tale = Tale()
    tale.asks("alice", "listClubs", 200, [{"id": 5, "members": [1, 2]}], verb="list-rooms")
    tale.asks("alice", "listTyping", 200, [2], verb="list-typing", club=5)
    assert tale.found() == []


# -- by the deployment's clock, which a lever moves ----------------------------------------------------------------------


def typing(member: str) -> Object:
    return {"room": room_id(5), "user": user(member), "is_typing": True, "last_seen": "2025-10-02T14:30:00Z"}


def typed() -> Saga:
    """Bob has said that he types, and alice has heard it."""
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.listens("alice", 5), saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.says("bob-5", "type", type="typing", is_typing=True)
    saga.hears_of("alice-5", "typing", "bob", is_typing=True)
    return saga


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("seconds", [0, 20, 29, 60])
def test_typing_lasts_as_long_as_documented(seconds: int, listed: bool) -> None:
    saga = typed()
    saga.moves_the_clock(seconds)
    saga.acts("alice", "listTypingUsers", "list-typing", 200, [typing("bob")] if listed else [])
    assert saga.found() == ([] if listed is (seconds < 30) else [("typing-expires", "stated")])


@pytest.mark.parametrize("listed", [False, True])
def test_who_has_stopped_need_not_be_listed(listed: bool) -> None:
    saga = typed()
    saga.says("bob-5", "type", type="typing", is_typing=False)
    saga.acts("alice", "listTypingUsers", "list-typing", 200, [typing("bob")] if listed else [])
    saga.hears_of("alice-5", "typing", "bob", is_typing=False)
    assert saga.found() == []


def test_that_writing_does_not_end_it_is_our_reading() -> None:
    saga = typed()
    saga.sends("bob", "what I typed", 31)
    for ear in ("alice-5", "bob-5"):
        saga.hears_message(ear, 31, "bob", "what I typed")
    saga.acts("alice", "listTypingUsers", "list-typing", 200, [])
    assert saga.found() == [("typing-expires", "decided")]


def test_of_what_was_only_just_said_nobody_knows_whether_it_arrived() -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.listens("bob", 5), saga.says("bob-5", "type", type="typing", is_typing=True)
    saga.acts("alice", "listTypingUsers", "list-typing", 200, [])
    assert saga.found() == []


def test_who_types_need_not_be_told_of_it() -> None:
    saga = typed()
    saga.acts("bob", "listTypingUsers", "list-typing", 200, [])
    assert saga.found() == []
