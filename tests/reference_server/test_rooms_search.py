"""Rooms: what is found by words, among messages and among rooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_server.house import SQUARE, TALKED, House, furnish, message, opening

HELLO = message("hello", "alice", "Hello everyone!")


@pytest.fixture
def house() -> Iterator[House]:
    with opening() as open_house:
        yield furnish(open_house())


@pytest.mark.parametrize(
    "words, who, found",
    [
        ("HELLO", "carol", ["answer", "hello"]),
        ("hello a", "carol", ["answer"]),
        ("hello+a", "carol", ["answer"]),
        ("secret", "carol", ["secret"]),
        ("secret", "alice", []),
        ("market", "alice", ["notice"]),
        ("market", "dave", []),
        (" ", "bob", ["answer", "hello"]),
        ("%25", "bob", []),
    ],
)
def test_searching_messages(house: House, words: str, who: str, found: list[str]) -> None:
    status, messages = house.call(who, "GET", f"/search/messages/?q={words}")
    assert (status, [each["id"] for each in messages]) == (200, found)


def test_a_found_message_is_shown_whole(house: House) -> None:
    assert house.call("carol", "GET", "/search/messages/?q=everyone") == (200, [HELLO])


def test_a_search_finds_the_newest_fifty(house: House) -> None:
    house.fills("theirs", 60, "carol")
    _, found = house.call("dave", "GET", "/search/messages/?q=5")
    assert [each["content"] for each in found] == [*map(str, range(59, 49, -1)), *map(str, range(45, 0, -10))]
    with house.core.request():
        theirs = house.core.chat.room(house.core.chat.room_id_of_uuid(house.known["theirs"]))
        for number in range(51):
            house.core.chat.send(house.member("carol"), theirs, f"needle {number}")
    _, found = house.call("dave", "GET", "/search/messages/?q=needle")
    assert [each["content"] for each in found] == [f"needle {number}" for number in range(50, 0, -1)]


@pytest.mark.parametrize(
    "words, who, found",
    [
        ("TEA", "bob", ["team"]),
        ("carol@EXAMPLE.test", "bob", ["team"]),
        ("bob exam", "alice", ["team", "pair"]),
        ("bob@", "bob", ["team", "pair"]),
        ("theirs", "bob", []),
        ("market", "dave", ["square"]),
        ("alice@", "dave", ["square"]),
        ("nobody", "alice", []),
    ],
)
def test_searching_rooms(house: House, words: str, who: str, found: list[str]) -> None:
    status, rooms = house.call(who, "GET", f"/search/rooms/?q={words}")
    assert (status, [each["id"] for each in rooms]) == (200, found)


def test_a_found_room_is_shown_as_the_list_shows_it(house: House) -> None:
    assert house.call("bob", "GET", "/search/rooms/?q=Team") == (200, [{**TALKED, "unread_count": 1}])
    assert house.call("dave", "GET", "/search/rooms/?q=Square") == (200, [SQUARE])
