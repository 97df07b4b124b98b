"""Searches and lists of all messages hold what is the member's own."""

from __future__ import annotations

from earwitness.history import Json
from tests.tale import Tale


def told() -> Tale:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.founds("bob", "carol", club=5)
    tale.writes("alice", "between us two", 31, talk=5)
    tale.writes("bob", "among the club", 32, club=5)
    return tale


def letters(*ids: int) -> list[Json]:
    texts = {31: "between us two", 32: "among the club"}
    return [{"id": one, "text": texts[one]} for one in ids]


def test_all_messages_are_those_of_all_own_rooms() -> None:
    for member, ids in (("alice", (31,)), ("bob", (31, 32)), ("carol", (32,))):
        tale = told()
        answer: Json = {"letters": letters(*ids), "next": None}
        tale.asks(member, "listAllLetters", 200, answer, verb="list-all-messages")
        assert tale.found() == []


def test_what_is_missing_and_what_is_anothers_is_found() -> None:
    for ids, subject in (((31,), "missing"), ((31, 32), "")):
        tale = told()
        answer: Json = {"letters": letters(*ids), "next": None}
        tale.asks("bob", "listAllLetters", 200, answer, verb="list-all-messages")
        assert [one.cause.rpartition(":")[2] for one in tale.findings()] == ([subject] if subject else [])
    tale = told()
    tale.asks(
        "alice", "listAllLetters", 200, {"letters": letters(31, 32), "next": None}, verb="list-all-messages"
    )
    assert [one.cause.rpartition(":")[2] for one in tale.findings()] == ["foreign"]


def test_a_list_that_goes_on_is_not_missing_anything_yet() -> None:
    tale = told()
    tale.asks("bob", "listAllLetters", 200, {"letters": letters(31), "next": "x"}, verb="list-all-messages")
    assert "messages-across-rooms" not in [check for check, _ in tale.found()]


def test_who_has_left_finds_the_club_s_messages_no_more() -> None:
    for shown in ((), (32,)):
        tale = told()
        tale.removes("carol", "carol")
        tale.asks("carol", "searchLetters", 200, letters(*shown), verb="search-messages", query={"q": "club"})
        assert tale.found() == ([("messages-across-rooms", "stated")] if shown else [])


def test_a_search_gives_no_more_than_documented() -> None:
    for more in (False, True):
        tale = told()
        found = letters(31, 32) + ([{"id": 90, "text": "of long ago"}] if more else [])
        tale.asks("bob", "searchLetters", 200, found, verb="search-messages", query={"q": "o"})
        assert tale.found() == ([("messages-across-rooms", "stated")] if more else [])
