"""When a message was edited is set by its first edit."""

from __future__ import annotations

import pytest

from tests.saga import Saga, edited, message


@pytest.mark.parametrize("stamped", [False, True])
@pytest.mark.parametrize("was_edited", [False, True])
def test_the_time_of_an_edit_is_there_once_there_was_one(was_edited: bool, stamped: bool) -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.sends("alice", "first", 31)
    if was_edited:
        saga.edits("alice", 31, "second", edited(31, "alice", "second"))
    text = "second" if was_edited else "first"
    at = "2025-10-02T14:31:00Z" if stamped else None
    saga.lists_messages("bob", message(31, "alice", text, is_edited=was_edited, edited_at=at))
    assert [check for check, _ in saga.found()] == ([] if stamped is was_edited else ["edited-is-flagged"])
