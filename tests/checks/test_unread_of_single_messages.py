"""Messages that are read one by one leave the unread count one by one, each for its reader alone."""

from __future__ import annotations

import pytest

from tests.saga import Saga, message_id, room

MEMBERS = ("alice", "bob", "carol")


def sent(*, alike: str = "alice") -> Saga:
    saga = Saga()
    saga.founded(5, "group", *MEMBERS)
    for number in (31, 32, 33):
        saga.sends(alike, f"number {number}", number)
    return saga


def counts(saga: Saga, member: str, unread: int) -> None:
    last = {
        "id": message_id(33),
        "content": "number 33",
        "sender": room(5, "alice")["created_by"],
        "timestamp": "2025-10-02T14:30:00Z",
    }
    saga.lists_rooms(member, room(5, *MEMBERS, unread_count=unread, last_message=last))


@pytest.mark.parametrize("listed_before", [False, True])
@pytest.mark.parametrize("unread", [0, 1, 2, 3])
def test_reading_one_takes_one_from_the_count(unread: int, listed_before: bool) -> None:
    saga = sent()
    if listed_before:
        counts(saga, "bob", 3)
    saga.reads("bob", 32)
    counts(saga, "bob", unread)
    assert [check for check, _ in saga.found()] == ([] if unread == 2 else ["unread-count"])


@pytest.mark.parametrize("unread", [2, 3])
def test_what_one_has_read_others_have_not(unread: int) -> None:
    saga = sent()
    saga.reads("bob", 32)
    counts(saga, "carol", unread)
    assert [check for check, _ in saga.found()] == ([] if unread == 3 else ["unread-count"])


@pytest.mark.parametrize("unread", [0, 1, 2, 3])
def test_a_receipt_on_a_socket_marks_the_one_message_that_it_names(unread: int) -> None:
    saga = sent()
    saga.listens("bob", 5)
    saga.says("bob-5", "mark-message-read", type="read_receipt", message_id=message_id(32))
    saga.waits()
    counts(saga, "bob", unread)
    assert saga.found() == ([] if unread == 2 else [("unread-count", "decided")])


@pytest.mark.parametrize("unread", [2, 3])
@pytest.mark.parametrize("closed", [False, True])
def test_a_receipt_that_has_not_had_its_time_may_have_marked_or_not(unread: int, closed: bool) -> None:
    saga = sent()
    saga.listens("bob", 5)
    saga.says("bob-5", "mark-message-read", type="read_receipt", message_id=message_id(32))
    if closed:
        saga.closes("bob-5"), saga.waits()
    counts(saga, "bob", unread)
    assert saga.found() == []


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_marking_the_room_tells_how_many_were_left(number: int) -> None:
    saga = sent()
    saga.reads("bob", 32)
    saga.reads_all("bob", number)
    assert [check for check, _ in saga.found()] == ([] if number == 2 else ["unread-count"])


@pytest.mark.parametrize("number", [0, 1])
def test_marking_the_room_counts_no_messages_of_one_s_own(number: int) -> None:
    saga = sent()
    saga.reads_all("alice", number)
    # Writing may have read what came before; it makes nothing unread.
    assert [check for check, _ in saga.found()] == ([] if number == 0 else ["unread-count"])
