"""Searches find what has the words in it."""

from __future__ import annotations

import pytest

from tests.saga import Saga, edited, message, room


def told() -> Saga:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.founded(6, "group", "alice", "carol")
    saga.sends("alice", "the black cat", 31), saga.sends("bob", "a white dog", 32)
    saga.sends("carol", "no pets here", 33, place=6)
    return saga


CAT, DOG, NONE = (
    message(31, "alice", "the black cat"),
    message(32, "bob", "a white dog"),
    message(33, "carol", "no pets here", place=6),
)


@pytest.mark.parametrize(
    ("words", "shown", "basis"),
    [
        ("cat", [CAT], ""),
        ("cat", [], "stated"),
        ("black cat", [], "stated"),
        ("CAT", [], "decided"),
        ("ca", [], "decided"),
        ("e", [NONE, DOG, CAT], ""),
        ("cat", [CAT, DOG], "decided"),
        ("horse", [], ""),
    ],
)
def test_a_search_for_messages_finds_those_with_the_words(
    words: str, shown: list[dict[str, object]], basis: str
) -> None:
    saga = told()
    saga.searches("alice", "messages", words, *shown)
    assert saga.found() == ([("search-finds", basis)] if basis else [])


def test_who_is_not_in_a_room_need_find_nothing_of_it() -> None:
    saga = told()
    saga.searches("carol", "messages", "cat")
    assert saga.found() == []


def test_an_edited_message_is_found_by_its_new_words() -> None:
    for shown in (True, False):
        saga = told()
        saga.edits("alice", 31, "the black horse", edited(31, "alice", "the black horse"))
        saga.searches("bob", "messages", "cat")
        saga.searches(
            "bob", "messages", "horse", *([edited(31, "alice", "the black horse")] if shown else [])
        )
        assert saga.found() == ([] if shown else [("search-finds", "stated")])


def test_a_search_that_is_full_may_leave_out_what_is_older() -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    for number in range(51):
        saga.sends("alice", f"cat {number}", 100 + number)
    found = [message(100 + number, "alice", f"cat {number}") for number in range(1, 51)]
    saga.searches("bob", "messages", "cat", *reversed(found))
    assert saga.found() == []


@pytest.mark.parametrize(
    ("words", "found", "basis"),
    [
        ("Room 5", ["5"], ""),
        ("Room 5", [], "stated"),
        ("room 5", [], "decided"),
        ("carol@example.com", ["6"], ""),
        ("carol@example.com", [], "stated"),
        ("carol@example.com", ["5", "6"], "decided"),
        ("alice@example.com", [], ""),  # whether one is found by oneself is said by no document
        ("alice@example.com", ["5", "6"], ""),
        ("Carol", ["6"], ""),
    ],
)
def test_a_search_for_rooms_finds_them_by_name_and_by_who_is_in_them(
    words: str, found: list[str], basis: str
) -> None:
    saga = told()
    shown = {"5": room(5, "alice", "bob", unread_count=1), "6": room(6, "alice", "carol", unread_count=1)}
    saga.searches("alice", "rooms", words, *(shown[one] for one in found))
    assert saga.found() == ([("search-finds", basis)] if basis else [])


def test_a_renamed_room_is_found_by_its_new_name() -> None:
    for words in ("Room 5", "Ours"):
        saga = told()
        saga.acts(
            "alice",
            "updateRoom",
            "rename-room",
            200,
            room(5, "alice", "bob", name="Ours"),
            body={"name": "Ours"},
        )
        saga.searches("bob", "rooms", words)
        assert saga.found() == ([("search-finds", "stated")] if words == "Ours" else [])
