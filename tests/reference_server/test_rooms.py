"""Rooms: what every operation does, and who is in what. What is said is held against the spec as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.reference_server.house import (
    PAIR,
    SQUARE,
    TALKED,
    House,
    furnish,
    heard_message,
    message,
    opening,
    room,
    spec,
    user,
)

TEAM = {"alice", "bob", "carol"}
PDF = ("plan.pdf", b"%PDF-1.7\x00\xff", "application/pdf")
HELLO = message("hello", "alice", "Hello everyone!")
ANSWER = message("answer", "bob", "Hello Alice!")


@pytest.fixture
def house() -> Iterator[House]:
    with opening() as open_house:
        yield furnish(open_house())


# Rooms


def test_the_list_has_the_rooms_of_the_caller_latest_message_first(house: House) -> None:
    mine = [SQUARE, {**TALKED, "unread_count": 1}, {**PAIR, "other_user": user("bob")}]
    page = {"count": 3, "next": None, "previous": None, "results": mine}
    assert house.call("alice", "GET", "/rooms/") == (200, page)
    his = [{**TALKED, "unread_count": 1}, {**PAIR, "other_user": user("alice"), "unread_count": 1}]
    assert house.call("bob", "GET", "/rooms/") == (200, {**page, "count": 2, "results": his})
    assert house.rooms("carol") == ["theirs", "team"]
    house.call("bob", "POST", "/rooms/{pair}/messages/", {"content": "x"})
    assert house.rooms("bob") == ["pair", "team"]


def test_a_new_room_counts_from_when_it_was_made(house: House) -> None:
    house.learns("new", "alice", "POST", "/rooms/", {"room_type": "group", "participant_ids": []})
    assert house.rooms("alice") == ["new", "square", "team", "pair"]
    house.call("alice", "POST", "/rooms/{team}/messages/", {"content": "x"})
    assert house.rooms("alice") == ["team", "new", "square", "pair"]


def test_pages_of_rooms_and_their_links(house: House) -> None:
    with house.core.request():
        for number in range(120):
            house.core.chat.start_room(house.member("dave"), "group", [], str(number))
    link = "http://testserver/api/chat/rooms/"
    _, first = house.call("dave", "GET", "/rooms/")
    assert [each["name"] for each in first["results"]] == [str(number) for number in range(119, 69, -1)]
    assert (first["count"], first["next"], first["previous"]) == (121, f"{link}?page=2", None)
    _, third = house.call("dave", "GET", "/rooms/?page=3")
    assert (len(third["results"]), third["next"], third["previous"]) == (21, None, f"{link}?page=2")
    for size, held in ((7, 7), (100, 100), (101, 100), (10**9, 100)):
        _, page = house.call("dave", "GET", f"/rooms/?page_size={size}")
        assert (len(page["results"]), page["next"]) == (held, f"{link}?page_size={size}&page=2")


def test_no_rooms_are_one_empty_page() -> None:
    with opening() as open_house:
        empty: Any = {"count": 0, "next": None, "previous": None, "results": []}
        assert open_house().call("alice", "GET", "/rooms/?page=1") == (200, empty)


@pytest.mark.parametrize("kind", ["group", "project", "public"])
def test_creating_a_room(house: House, kind: str) -> None:
    body = {
        "name": "Ours",
        "room_type": kind,
        "participant_ids": ["{dave}", "{bob}", "{dave}", "{carol}", "{bob}"],
    }
    made = room("ours", kind, ("bob", "dave", "carol"), name="Ours")
    assert house.learns("ours", "bob", "POST", "/rooms/", body) == (201, made)
    for each in ("bob", "dave", "carol"):
        assert house.rooms(each)[0] == "ours"
        assert house.call(each, "GET", "/rooms/{ours}/") == (200, made)
    assert "ours" not in house.rooms("alice")
    assert house.told() == []


@pytest.mark.parametrize("name", [{}, {"name": None}])
def test_a_room_needs_no_name_and_nobody_else(house: House, name: dict[str, None]) -> None:
    body: Any = {"room_type": "group", "participant_ids": [], "else": "ignored", **name}
    assert house.learns("mine", "bob", "POST", "/rooms/", body) == (201, room("mine", "group", ("bob",)))


def test_a_direct_room_is_one_whoever_asks(house: House) -> None:
    asked = room("new", "direct", ("bob", "dave"), other_user=user("dave"))
    assert house.learns("new", "bob", "POST", "/rooms/direct_message/", {"user_id": "{dave}"}) == (201, asked)
    assert house.call("bob", "POST", "/rooms/direct_message/", {"user_id": "{dave}"}) == (200, asked)
    from_there = {**asked, "other_user": user("bob")}
    assert house.call("dave", "POST", "/rooms/direct_message/", {"user_id": "{bob}"}) == (200, from_there)
    house.known["BOB"] = house.known["bob"].upper()
    assert house.ask(
        "dave", "POST", "/api/chat/rooms/direct_message/", json=house.named({"user_id": "{BOB}"})
    ).is_success
    assert house.rooms("bob") == ["new", "team", "pair"]
    assert house.rooms("dave") == ["new", "theirs"]
    assert house.told() == []


def test_anyone_reads_a_public_room_and_is_not_in_it(house: House) -> None:
    assert house.call("dave", "GET", "/rooms/{square}/") == (200, SQUARE)
    assert house.messages("dave", "square") == ["notice"]
    assert house.call("dave", "GET", "/rooms/{square}/typing_users/") == (200, [])
    assert house.rooms("dave") == ["theirs"]
    assert house.call("alice", "GET", "/rooms/{square}/") == (200, SQUARE)


def test_renaming(house: House) -> None:
    renamed = {**TALKED, "unread_count": 1, "name": "Other team"}
    body = {"name": "Other team", "room_type": "public", "participant_ids": []}
    assert house.call("alice", "PATCH", "/rooms/{team}/", body) == (200, renamed)
    assert house.call("alice", "PATCH", "/rooms/{team}/", {}) == (200, renamed)
    assert house.call("carol", "GET", "/rooms/{team}/")[1]["name"] == "Other team"
    assert house.call("alice", "PATCH", "/rooms/{team}/", {"name": None})[1]["name"] is None
    assert house.told() == []


def test_a_deleted_room_is_gone_for_everybody(house: House) -> None:
    _, sent = house.call("bob", "POST", "/rooms/{team}/messages/", files={"file_attachment": PDF})
    seat = house.opens("carol", "team")
    house.told()
    assert house.call("alice", "DELETE", "/rooms/{team}/") == (204, None)
    for each in TEAM:
        assert "team" not in house.rooms(each)
        assert house.call(each, "GET", "/rooms/{team}/")[0] == 404
        assert house.call(each, "GET", "/search/messages/?q=hello") == (200, [])
        assert house.call(each, "GET", "/search/rooms/?q=team") == (200, [])
        assert house.ask(each, "GET", sent["file_attachment"]).status_code == 404
    assert house.call("alice", "DELETE", "/rooms/{team}/")[0] == 404
    house.says(seat, {"type": "message", "content": "anybody?"})
    house.closes(seat)
    assert house.told() == []


def test_a_deleted_direct_room_is_followed_by_a_new_one(house: House) -> None:
    assert house.call("alice", "DELETE", "/rooms/{pair}/") == (204, None)
    asked = room("new", "direct", ("bob", "alice"), other_user=user("alice"))
    assert house.learns("new", "bob", "POST", "/rooms/direct_message/", {"user_id": "{alice}"}) == (
        201,
        asked,
    )


def test_marking_a_room_as_read(house: House) -> None:
    house.fills("team", 130, "bob")
    assert (house.unread("alice"), house.unread("carol")) == (131, 132)
    marked = {"status": "marked as read", "count": 131}
    assert house.call("alice", "POST", "/rooms/{team}/mark_read/") == (200, marked)
    assert (house.unread("alice"), house.unread("carol")) == (0, 132)
    again = house.call("alice", "POST", "/rooms/{team}/mark_read/", content=b"no JSON")
    assert again == (200, {**marked, "count": 0})
    assert house.messages(field="read_by")[:3] == [[], [user("alice")], [user("alice")]]
    assert house.told() == []


def test_leaving(house: House) -> None:
    assert house.call("bob", "POST", "/rooms/{team}/leave/") == (200, {"status": "left room"})
    assert house.rooms("bob") == ["pair"]
    assert house.call("carol", "GET", "/rooms/{team}/")[1]["participants"] == [user("alice"), user("carol")]
    assert house.messages("carol") == ["hello", "answer"]
    assert house.call("bob", "POST", "/rooms/{team}/leave/")[0] == 403
    assert house.call("bob", "GET", "/search/messages/?q=hello") == (200, [])
    assert house.told() == []


def test_nobody_takes_over_from_a_creator_who_leaves(house: House) -> None:
    house.call("alice", "POST", "/rooms/{team}/leave/", content=b"{")
    assert house.call("bob", "GET", "/rooms/{team}/")[1]["created_by"] == user("alice")
    for each in ("alice", "bob", "carol"):
        assert house.call(each, "PATCH", "/rooms/{team}/", {"name": "x"})[0] == 403
        assert house.call(each, "DELETE", "/rooms/{team}/")[0] == 403


# Messages


def test_the_messages_of_a_room_oldest_first(house: House) -> None:
    page = {"count": 2, "next": None, "previous": None, "results": [HELLO, ANSWER]}
    assert house.call("carol", "GET", "/rooms/{team}/messages/") == (200, page)
    assert house.unread("carol") == 2


def test_pages_of_messages_and_their_links(house: House) -> None:
    house.fills("theirs", 129, "carol")
    path = "/rooms/{theirs}/messages/"
    link = house.named(f"http://testserver/api/chat{path}")
    _, first = house.call("dave", "GET", path)
    assert [each["content"] for each in first["results"]] == ["A secret", *map(str, range(49))]
    assert (first["count"], first["next"], first["previous"]) == (130, f"{link}?page=2", None)
    _, third = house.call("dave", "GET", f"{path}?page=3")
    assert [each["content"] for each in third["results"]] == [str(number) for number in range(99, 129)]
    assert (third["next"], third["previous"]) == (None, f"{link}?page=2")
    for size, held in ((7, 7), (100, 100), (101, 100), (10**9, 100)):
        _, page = house.call("dave", "GET", f"{path}?page_size={size}")
        assert (len(page["results"]), page["next"]) == (held, f"{link}?page_size={size}&page=2")


def test_sending(house: House) -> None:
    body = {"content": " hi\n\N{THUMBS UP SIGN} ", "message_type": "text", "reply_to": None}
    sent = message("new", "bob", body["content"] or "")
    answer = house.learns("new", "bob", "POST", "/rooms/{team}/messages/", {**body, "file_attachment": None})
    assert answer == (201, sent)
    assert house.told() == [(TEAM, "team", heard_message("new", "bob", sent["content"]))]
    assert house.messages("carol") == ["hello", "answer", "new"]
    assert house.call("carol", "GET", "/rooms/{team}/")[1]["last_message"]["id"] == "new"


@pytest.mark.parametrize("kind", ["text", "image", "file"])
def test_the_sender_says_what_it_is(house: House, kind: str) -> None:
    body = {"content": "x", "message_type": kind}
    assert house.call("bob", "POST", "/rooms/{team}/messages/", body)[1]["message_type"] == kind


def test_answering_a_message(house: House) -> None:
    body = {"content": "indeed", "reply_to": "{hello}"}
    sent = message("reply", "carol", "indeed", reply_to="hello")
    assert house.learns("reply", "carol", "POST", "/rooms/{team}/messages/", body) == (201, sent)
    heard = heard_message("reply", "carol", "indeed", reply_to="hello")
    assert house.told() == [(TEAM, "team", heard)]
    house.call("alice", "DELETE", "/rooms/{team}/messages/{hello}/")
    assert house.messages(field="reply_to") == [None, "hello"]


@pytest.mark.parametrize(
    "form",
    [
        {"content": (None, "look"), "message_type": (None, "file")},
        {"content": (None, "look"), "reply_to": (None, "{hello}"), "other": ("a", b"ignored")},
        {"message_type": (None, "image")},
        {},
    ],
)
def test_sending_a_file(house: House, form: dict[str, Any]) -> None:
    parts = {name: tuple(house.named(each) for each in part) for name, part in form.items()}
    status, sent = house.learns(
        "new", "alice", "POST", "/rooms/{team}/messages/", files={**parts, "file_attachment": PDF}
    )
    assert status == 201
    content = "look" if "content" in form else ""
    more = {
        "message_type": form.get("message_type", (None, "text"))[1],
        "reply_to": "hello" if "reply_to" in form else None,
        "file_attachment": sent["file_attachment"],
        "file_name": "plan.pdf",
        "file_size": len(PDF[1]),
    }
    assert sent == message("new", "alice", content, **more)
    assert house.told() == [(TEAM, "team", heard_message("new", "alice", content, **more))]
    for who in TEAM:
        got = house.ask(who, "GET", sent["file_attachment"])
        assert (got.status_code, got.content, got.headers["content-type"]) == (200, *PDF[1:])
    assert house.ask("dave", "GET", sent["file_attachment"]).status_code == 403
    assert house.ask(None, "GET", sent["file_attachment"]).status_code == 401


def test_a_form_without_a_file(house: House) -> None:
    status, sent = house.call("alice", "POST", "/rooms/{team}/messages/", files={"content": (None, "x")})
    assert (status, sent["content"], sent["file_attachment"]) == (201, "x", None)


def test_editing(house: House) -> None:
    house.call("bob", "POST", "/rooms/{team}/messages/{hello}/mark_read/")
    path, edited = "/rooms/{team}/messages/{hello}/", {**HELLO, "edited_at": "TIME", "is_edited": True}
    edited |= {"content": "Hi!", "read_by": [user("bob")]}
    assert house.call("alice", "PATCH", path, {"content": "Hi!", "reply_to": "{answer}"}) == (200, edited)
    assert house.call("carol", "GET", "/rooms/{team}/messages/")[1]["results"] == [edited, ANSWER]
    first = house.ask("alice", "PATCH", f"/api/chat{path}", json={"content": "Hi!"}).json()
    house.core.clock.move(60)
    second = house.ask("alice", "PATCH", f"/api/chat{path}", json={"content": "Hi again!"}).json()
    assert second["edited_at"] > first["edited_at"]
    assert second["timestamp"] == first["timestamp"]
    assert house.told() == []


def test_a_deleted_message_is_gone(house: House) -> None:
    _, sent = house.learns("new", "bob", "POST", "/rooms/{team}/messages/", files={"file_attachment": PDF})
    house.told()
    assert house.call("bob", "DELETE", "/rooms/{team}/messages/{new}/") == (204, None)
    assert house.call("bob", "DELETE", "/rooms/{team}/messages/{answer}/") == (204, None)
    page = {"count": 1, "next": None, "previous": None, "results": [HELLO]}
    for who in TEAM:
        assert house.call(who, "GET", "/rooms/{team}/messages/") == (200, page)
        assert house.call(who, "GET", "/rooms/{team}/")[1]["last_message"]["id"] == "hello"
        assert house.call(who, "GET", "/search/messages/?q=alice") == (200, [])
        assert house.ask(who, "GET", sent["file_attachment"]).status_code == 404
    assert (house.unread("alice"), house.unread("carol")) == (0, 1)
    path = "/rooms/{team}/messages/{answer}/"
    for method, act in (("PATCH", ""), ("DELETE", ""), ("POST", "react/"), ("POST", "mark_read/")):
        body = {"content": "x", "emoji": "x", "action": "add"}
        assert house.call("bob", method, f"{path}{act}", body) == (404, {"detail": "Not found."})
    assert house.told() == []


def test_reactions(house: House) -> None:
    def react(who: str, emoji: str, action: str) -> Any:
        status, body = house.call(
            who, "POST", "/rooms/{team}/messages/{hello}/react/", {"emoji": emoji, "action": action}
        )
        assert (status, body["message"]) == (200, f"Reaction {action.rstrip('e')}ed")
        assert house.messages(field="reactions")[0] == body["reactions"]
        return body["reactions"]

    assert react("bob", "👍", "add") == {"👍": ["bob"]}
    assert react("alice", "👍", "add") == {"👍": ["bob", "alice"]}
    assert react("bob", "👍", "add") == {"👍": ["bob", "alice"]}
    assert react("bob", "❤️", "add") == {"👍": ["bob", "alice"], "❤️": ["bob"]}
    assert react("bob", "👍", "remove") == {"👍": ["alice"], "❤️": ["bob"]}
    assert react("carol", "👍", "remove") == {"👍": ["alice"], "❤️": ["bob"]}
    assert react("alice", "👍", "remove") == {"❤️": ["bob"]}
    assert react("alice", "x" * 64, "add") == {"❤️": ["bob"], "x" * 64: ["alice"]}
    assert house.told() == []


def test_marking_one_message_as_read(house: House) -> None:
    def mark(who: str, name: str) -> Any:
        return house.call(who, "POST", f"/rooms/{{team}}/messages/{{{name}}}/mark_read/", content=b"?")

    new, known = ((200, {"status": "marked as read", "was_already_read": each}) for each in (False, True))
    assert mark("carol", "answer") == new
    assert mark("carol", "answer") == known
    assert mark("alice", "answer") == new
    assert mark("bob", "answer") == known
    assert house.messages(field="read_by") == [[], [user("carol"), user("alice")]]
    assert [house.unread(who) for who in ("alice", "bob", "carol")] == [0, 1, 1]
    assert house.told() == []


# All together


def test_the_success_of_every_operation_fits_the_spec(house: House) -> None:
    house.opens("alice", "team")
    message_path = "/rooms/{team}/messages/{hello}/"
    for method, path, body in (
        ("GET", "/rooms/", None),
        ("POST", "/rooms/", {"room_type": "project", "participant_ids": []}),
        ("POST", "/rooms/direct_message/", {"user_id": "{bob}"}),
        ("POST", "/rooms/direct_message/", {"user_id": "{carol}"}),
        ("GET", "/rooms/{team}/", None),
        ("PATCH", "/rooms/{team}/", {"name": "x"}),
        ("POST", "/rooms/{team}/mark_read/", None),
        ("GET", "/rooms/{team}/typing_users/", None),
        ("GET", "/rooms/{team}/messages/", None),
        ("POST", "/rooms/{team}/messages/", {"content": "x"}),
        ("PATCH", message_path, {"content": "x"}),
        ("POST", f"{message_path}react/", {"emoji": "x", "action": "add"}),
        ("POST", f"{message_path}mark_read/", None),
        ("DELETE", message_path, None),
        ("GET", "/search/messages/?q=x", None),
        ("GET", "/search/rooms/?q=x", None),
        ("GET", "/sessions/active_sessions/", None),
        ("POST", "/sessions/cleanup_old_sessions/", None),
        ("POST", "/rooms/{team}/leave/", None),
        ("DELETE", "/rooms/{square}/", None),
    ):
        house.call("alice", method, path, body)
    assert {(name, status) for name, status in house.reached if status < 300} == {
        (operation.id, int(status))
        for operation in spec().operations.values()
        for status in operation.responses
        if status < "3"
    }
