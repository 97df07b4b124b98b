"""A list of who is typing holds those who have just said so."""

from __future__ import annotations

import pytest

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
