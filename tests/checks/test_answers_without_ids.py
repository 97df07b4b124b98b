"""An answer that shows only a part of a message is about the one that was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saga import Saga, user


def sent() -> Saga:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob", "carol")
    saga.sends("alice", "read me", 31), saga.sends("alice", "and me", 32)
    return saga


def given(*who: str) -> dict[str, Any]:
    return {"👍": [user(one)["id"] for one in who]} if who else {}


def test_an_answer_to_a_reaction_is_about_the_message_that_was_asked_for() -> None:
    saga = sent()
    saga.reacts("bob", 31, "👍", given("bob")), saga.reacts("carol", 31, "👍", given("bob", "carol"))
    saga.reacts("bob", 31, "👍", given("carol"), back=True)
    assert saga.found() == []


@pytest.mark.parametrize("shown", [(), ("bob",), ("carol",)])
def test_an_answer_that_shows_other_reactions_is_found(shown: tuple[str, ...]) -> None:
    saga = sent()
    saga.reacts("bob", 31, "👍", given("bob")), saga.reacts("carol", 31, "👍", given(*shown))
    assert {check for check, _ in saga.found()} == {"reactions-follow-the-rule"}
