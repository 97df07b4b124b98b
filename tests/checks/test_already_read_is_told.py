"""Marking a message as read tells whether it had been read."""

from __future__ import annotations

import pytest

from tests.saga import Saga, message, message_id
from tests.tale import Told


def sent() -> Saga:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob", "carol")
    saga.sends("alice", "read me", 31), saga.sends("alice", "and me", 32)
    return saga


def looks(saga: Saga, member: str) -> Told:
    return saga.lists_messages(member, message(31, "alice", "read me"), message(32, "alice", "and me"))


@pytest.mark.parametrize(("first", "second"), [(False, True), (False, False), (True, True)])
def test_marking_tells_whether_it_was_read_before(first: bool, second: bool) -> None:
    saga = sent()
    saga.reads("bob", 31, already=first), saga.reads("bob", 31, already=second)
    right = not first and second
    assert saga.found() == ([] if right else [("already-read-is-told", "stated")])


@pytest.mark.parametrize("already", [False, True])
def test_of_one_s_own_message_it_is_our_reading(already: bool) -> None:
    saga = sent()
    saga.reads("alice", 31, already=already)
    assert saga.found() == ([] if already else [("already-read-is-told", "decided")])


def test_that_looking_has_not_read_it_is_our_reading() -> None:
    saga = sent()
    looks(saga, "bob"), saga.reads("bob", 31, already=True)
    assert saga.found() == [("already-read-is-told", "decided")]


@pytest.mark.parametrize("already", [False, True])
def test_after_a_receipt_that_nobody_answered_either_may_be_told(already: bool) -> None:
    saga = sent()
    saga.listens("bob", 5)
    saga.says("bob-5", "mark-message-read", type="read_receipt", message_id=message_id(31))
    saga.reads("bob", 31, already=already)
    assert saga.found() == []
