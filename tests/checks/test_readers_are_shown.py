"""A message shows who has marked it as read."""

from __future__ import annotations

import pytest

from tests.saga import Saga, message, message_id, user
from tests.tale import Told


def sent() -> Saga:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob", "carol")
    saga.sends("alice", "read me", 31), saga.sends("alice", "and me", 32)
    return saga


def shows(saga: Saga, member: str, *readers: str, others: tuple[str, ...] = ()) -> Told:
    """A list that shows the readers of the first message, and of the second."""
    return saga.lists_messages(
        member,
        message(31, "alice", "read me", read_by=[user(one) for one in readers]),
        message(32, "alice", "and me", read_by=[user(one) for one in others]),
    )


def test_who_has_read_is_shown_and_nobody_else() -> None:
    saga = sent()
    shows(saga, "alice"), saga.reads("bob", 31)
    shows(saga, "alice", "bob"), saga.reads_all("carol", 2)
    shows(saga, "alice", "bob", "carol", others=("carol",))
    assert saga.found() == []


@pytest.mark.parametrize(
    ("readers", "others", "basis"),
    [
        ((), (), "stated"),
        (("bob", "bob"), (), "stated"),
        (("bob", "carol"), (), "stated"),
        (("bob",), ("bob",), "stated"),
        (("alice", "bob"), (), "decided"),  # its sender knows what it says
    ],
)
def test_other_readers_are_found(readers: tuple[str, ...], others: tuple[str, ...], basis: str) -> None:
    saga = sent()
    saga.reads("bob", 31)
    shows(saga, "alice", *readers, others=others)
    # A list that has somebody twice breaks its schema as well.
    assert [one for one in saga.found() if one[0] != "response-schema"] == [("readers-are-shown", basis)]


def test_that_looking_is_not_reading_is_our_reading() -> None:
    saga = sent()
    shows(saga, "bob"), shows(saga, "alice", "bob", others=("bob",))
    assert saga.found() == [("readers-are-shown", "decided")] * 2


@pytest.mark.parametrize("shown", [(), ("bob",)])
def test_marking_under_way_may_show_or_not(shown: tuple[str, ...]) -> None:
    saga = sent()
    asked = saga.is_asking(
        "bob", "markMessageRead", verb="mark-message-read", room_id=message(31, "alice", "")["room"],
        message_id=message_id(31),
    )  # fmt: skip
    shows(saga, "alice", *shown)
    saga.is_told(asked, 200, {"status": "marked as read", "was_already_read": False})
    assert saga.found() == []


@pytest.mark.parametrize("shown", [(), ("bob",)])
def test_a_receipt_on_a_socket_is_kept_once_it_was_taken_in(shown: tuple[str, ...]) -> None:
    for waits in (False, True):
        saga = sent()
        saga.listens("bob", 5)
        saga.says("bob-5", "mark-message-read", type="read_receipt", message_id=message_id(31))
        if waits:
            saga.waits()
        shows(saga, "alice", *shown)
        assert saga.found() == ([("readers-are-shown", "decided")] if waits and not shown else [])


@pytest.mark.parametrize("shown", [(), ("carol",)])
def test_a_receipt_of_who_has_left_marks_nothing(shown: tuple[str, ...]) -> None:
    saga = sent()
    saga.listens("carol", 5), saga.leaves("carol")
    saga.says("carol-5", "mark-message-read", type="read_receipt", message_id=message_id(31))
    saga.waits()
    shows(saga, "alice", *shown)
    assert saga.found() == ([("readers-are-shown", "stated")] if shown else [])
