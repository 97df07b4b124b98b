"""Rooms: bodies and queries that say what the API does not take, and that nothing comes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.reference_server.house import NOBODY, House, furnish, opening

NOT_FOUND = (404, {"detail": "Not found."})
NO_PAGE = (404, {"detail": "Invalid page."})
NO_USER = (404, {"detail": "User not found"})
NOTHING_TO_SEARCH = (400, {"error": "Search query is required"})
MESSAGE = "/rooms/{team}/messages/{hello}/"


@pytest.fixture
def house() -> Iterator[House]:
    with opening() as open_house:
        yield furnish(open_house())


# Bodies


def test_a_direct_room_with_oneself_and_with_nobody(house: House) -> None:
    before, path = house.state(), "/rooms/direct_message/"
    oneself = (400, {"error": "Cannot create a direct message room with yourself"})
    assert house.call("alice", "POST", path, {"user_id": "{alice}"}) == oneself
    assert house.call("alice", "POST", path, {"user_id": NOBODY}) == NO_USER
    assert house.call("alice", "POST", path, {"user_id": "{team}"}) == NO_USER
    nobodies: list[object] = [
        {},
        {"user_id": None},
        {"user_id": 2},
        {"user_id": "bob"},
        {"user_id": ["{bob}"]},
        [],
        7,
    ]
    for wrong in nobodies:
        assert house.call("alice", "POST", path, wrong)[0] == 400
    assert house.unharmed(before)


@pytest.mark.parametrize(
    "changed",
    [
        {"room_type": "direct"},
        {"room_type": "team"},
        {"room_type": None},
        {"room_type": 7},
        {"room_type": ["group"]},
        {"participant_ids": None},
        {"participant_ids": "{bob}"},
        {"participant_ids": ["bob"]},
        {"participant_ids": [2]},
        {"participant_ids": ["{bob}", None]},
        {"name": ""},
        {"name": 7},
        {"name": "x" * 256},
    ],
)
def test_what_makes_no_room(house: House, changed: dict[str, object]) -> None:
    before = house.state()
    body = {"name": "New", "room_type": "group", "participant_ids": ["{bob}"], **changed}
    status, answer = house.call("alice", "POST", "/rooms/", body)
    assert (status, list(answer)) == (400, ["error"])
    assert house.unharmed(before)


@pytest.mark.parametrize("missing", ["room_type", "participant_ids"])
def test_what_a_room_needs(house: House, missing: str) -> None:
    before = house.state()
    body: dict[str, object] = {"room_type": "group", "participant_ids": []}
    del body[missing]
    assert house.call("alice", "POST", "/rooms/", body)[0] == 400
    for wrong in "x", 7, [1]:
        assert house.call("alice", "POST", "/rooms/", wrong)[0] == 400
    assert house.unharmed(before)


def test_a_room_with_nobody_is_not_made(house: House) -> None:
    before = house.state()
    body = {"room_type": "group", "participant_ids": ["{bob}", NOBODY]}
    assert house.call("alice", "POST", "/rooms/", body) == NO_USER
    assert house.unharmed(before)


@pytest.mark.parametrize("name", ["", 7, ["x"], "x" * 256])
def test_what_is_no_name(house: House, name: object) -> None:
    before = house.state()
    assert house.call("alice", "PATCH", "/rooms/{team}/", {"name": name})[0] == 400
    assert house.call("alice", "PATCH", "/rooms/{team}/", [])[0] == 400
    assert house.unharmed(before)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": ""},
        {"content": None},
        {"content": 7},
        {"content": "x", "message_type": "system"},
        {"content": "x", "message_type": "typing"},
        {"content": "x", "message_type": None},
        {"content": "x", "reply_to": "hello"},
        {"content": "x", "reply_to": 7},
        {"content": "x", "reply_to": ""},
        {"content": "x", "file_attachment": "no file"},
        [],
        7,
    ],
)
def test_what_is_no_message(house: House, body: object) -> None:
    before = house.state()
    status, answer = house.call("alice", "POST", "/rooms/{team}/messages/", body)
    assert (status, list(answer)) == (400, ["error"])
    assert house.unharmed(before)


@pytest.mark.parametrize(
    "options",
    [
        {"content": b"{"},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"data": {"content": "x"}},
        {"files": {"other": (None, "x")}},
        {"files": {"content": (None, "")}},
        {"files": {"content": (None, ""), "file_attachment": ("a", b"a")}},
        {"files": {"content": (None, "x"), "file_attachment": (None, "no file")}},
        {"files": {"content": (None, "x"), "message_type": (None, "system")}},
        {"files": {"content": (None, "x"), "reply_to": (None, "")}},
        {"files": [("content", (None, "x")), ("content", (None, "y"))]},
        {"files": [("file_attachment", ("a", b"a")), ("file_attachment", ("b", b"b"))]},
    ],
)
def test_what_is_no_form(house: House, options: dict[str, Any]) -> None:
    before = house.state()
    token = {"Authorization": f"Bearer {house.token('alice')}"}
    headers = {**token, **options.get("headers", {})}
    answer = house.call(None, "POST", "/rooms/{team}/messages/", **{**options, "headers": headers})
    assert answer[0] == 400
    assert house.unharmed(before)


@pytest.mark.parametrize("answered", ["{psst}", "{secret}", NOBODY, "{team}"])
def test_an_answer_to_what_is_not_in_the_room(house: House, answered: str) -> None:
    before, path = house.state(), "/rooms/{team}/messages/"
    assert house.call("alice", "POST", path, {"content": "x", "reply_to": answered}) == NOT_FOUND
    assert house.unharmed(before)


def test_an_answer_to_what_was_deleted(house: House) -> None:
    house.call("alice", "DELETE", MESSAGE)
    body = {"content": "x", "reply_to": "{hello}"}
    assert house.call("alice", "POST", "/rooms/{team}/messages/", body) == NOT_FOUND
    assert house.messages() == ["answer"]


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": None}, {"content": 7}, [], 7])
def test_an_edit_to_nothing(house: House, body: object) -> None:
    before = house.state()
    assert house.call("alice", "PATCH", MESSAGE, body)[0] == 400
    assert house.unharmed(before)


@pytest.mark.parametrize(
    "body",
    [
        {"emoji": "x"},
        {"action": "add"},
        {"emoji": "", "action": "add"},
        {"emoji": "x" * 65, "action": "add"},
        {"emoji": 7, "action": "add"},
        {"emoji": "x", "action": "toggle"},
        {"emoji": "x", "action": None},
        [],
    ],
)
def test_what_is_no_reaction(house: House, body: object) -> None:
    before = house.state()
    assert house.call("alice", "POST", f"{MESSAGE}react/", body)[0] == 400
    assert house.unharmed(before)


# Queries


@pytest.mark.parametrize("query", ["", "?q=", "?q", "?p=x", "?q=x&q=y"])
def test_a_search_without_words(house: House, query: str) -> None:
    for what in ("messages", "rooms"):
        assert house.call("alice", "GET", f"/search/{what}/{query}") == NOTHING_TO_SEARCH


@pytest.mark.parametrize(
    "query",
    [
        *("page=2", "page=0", "page=-1", "page=x", "page=", "page=1.0", "page=1&page=1"),
        *("page_size=0", "page_size=-1", "page_size=x", "page_size="),
    ],
)
def test_pages_that_are_not_there(house: House, query: str) -> None:
    for path in ("/rooms/", "/rooms/{team}/messages/"):
        assert house.call("alice", "GET", f"{path}?{query}") == NO_PAGE
