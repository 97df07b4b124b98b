"""Rooms: what is said on the two kinds of sockets, who hears it, who comes and goes, who types, and sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from reference_server.apis.rooms import Rooms
from reference_server.web import Seat
from tests.reference_server.conftest import listening
from tests.reference_server.house import NOBODY, House, about, furnish, heard_message, message, opening, user

PATIENCE_SECONDS = 20
TEAM = {"alice", "bob", "carol"}


@pytest.fixture
def house() -> Iterator[House]:
    with opening() as open_house:
        yield furnish(open_house())


@pytest.fixture
def bobs(house: House) -> Seat:
    """Bob's socket of the team."""
    seat = house.opens("bob", "team")
    house.told()
    return seat


# Messages


def said_last(house: House, who: str, room: str) -> None:
    """Call the last message of a room `new`."""
    page = house.ask(who, "GET", f"/api/chat/rooms/{{{room}}}/messages/").json()
    house.known["new"] = page["results"][-1]["id"]


def test_a_message_said_on_a_socket(house: House, bobs: Seat) -> None:
    house.says(bobs, {"type": "message", "content": " live ", "message_type": "image"})
    said_last(house, "bob", "team")
    assert house.told() == [(TEAM, "team", heard_message("new", "bob", " live "))]
    _, page = house.call("carol", "GET", "/rooms/{team}/messages/")
    assert page["results"][-1] == message("new", "bob", " live ")


@pytest.mark.parametrize("answered, shown", [("{hello}", "hello"), (None, None)])
def test_an_answer_said_on_a_socket(
    house: House, bobs: Seat, answered: str | None, shown: str | None
) -> None:
    house.says(bobs, {"type": "message", "content": "indeed", "reply_to": answered})
    said_last(house, "bob", "team")
    assert house.told() == [(TEAM, "team", heard_message("new", "bob", "indeed", reply_to=shown))]


@pytest.mark.parametrize(
    "frame",
    [
        "no JSON",
        "7",
        "[]",
        {},
        {"type": 7},
        {"type": "shout", "content": "x"},
        {"type": "message"},
        {"type": "message", "content": ""},
        {"type": "message", "content": None},
        {"type": "message", "content": ["x"]},
        {"type": "message", "content": "x", "reply_to": "hello"},
        {"type": "message", "content": "x", "reply_to": "{psst}"},
        {"type": "message", "content": "x", "reply_to": "{secret}"},
        {"type": "message", "content": "x", "reply_to": NOBODY},
        {"type": "typing"},
        {"type": "typing", "is_typing": "true"},
        {"type": "typing", "is_typing": 1},
        {"type": "read_receipt"},
        {"type": "read_receipt", "message_id": "hello"},
        {"type": "read_receipt", "message_id": "{psst}"},
        {"type": "read_receipt", "message_id": "{secret}"},
        {"type": "read_receipt", "message_id": "{answer}"},
        {"type": "user_joined", "user": "carol@example.test", "user_id": "{carol}"},
    ],
)
def test_any_other_frame_is_ignored(house: House, bobs: Seat, frame: object) -> None:
    before = house.state()
    house.says(bobs, frame)
    assert house.told() == []
    assert house.state() == before
    house.says(bobs, {"type": "message", "content": "still here"})
    assert len(house.told()) == 1


def test_a_read_receipt_marks_that_message_and_nobody_hears_of_it(house: House) -> None:
    seat = house.opens("carol", "team")
    house.told()
    for _ in range(2):
        house.says(seat, {"type": "read_receipt", "message_id": "{answer}"})
        assert house.messages(field="read_by") == [[], [user("carol")]]
        assert house.unread("carol") == 1
    house.call("bob", "DELETE", "/rooms/{team}/messages/{answer}/")
    house.says(seat, {"type": "read_receipt", "message_id": "{answer}"})
    assert house.told() == []


# Typing


def test_typing_is_heard_by_the_others_and_listed(house: House, bobs: Seat) -> None:
    def typists(who: str = "carol") -> Any:
        return house.call(who, "GET", "/rooms/{team}/typing_users/")[1]

    for _ in range(2):
        house.says(bobs, {"type": "typing", "is_typing": True})
        others = {"alice", "carol"}
        assert house.told() == [(others, "team", about("typing", "bob", is_typing=True))]
        typing = {"room": "team", "user": user("bob"), "is_typing": True, "last_seen": "TIME"}
        assert typists() == typists("bob") == [typing]
    assert house.call("bob", "GET", "/rooms/{pair}/typing_users/")[1] == []
    house.says(bobs, {"type": "message", "content": "x"})
    house.closes(bobs)
    assert len(typists()) == 1
    again = house.opens("bob", "team")
    house.told()
    house.says(again, {"type": "typing", "is_typing": False})
    assert house.told() == [(others, "team", about("typing", "bob", is_typing=False))]
    assert typists() == []


def test_typing_counts_for_thirty_seconds(house: House, bobs: Seat) -> None:
    def typists() -> int:
        return len(house.call("carol", "GET", "/rooms/{team}/typing_users/")[1])

    house.says(bobs, {"type": "typing", "is_typing": True})
    house.told()
    house.core.clock.move(29)
    assert typists() == 1
    house.says(bobs, {"type": "typing", "is_typing": True})
    house.told()
    house.core.clock.move(29)
    assert typists() == 1
    house.core.clock.move(2)
    assert typists() == 0
    assert house.told() == []


# Coming and going


def test_coming_and_going_is_told_once_for_each_socket(house: House) -> None:
    seats = [house.opens("bob", "team") for _ in range(2)]
    assert house.told() == [(TEAM, "team", about("user_joined", "bob"))] * 2
    for seat in seats:
        house.closes(seat)
    assert house.told() == [(TEAM, "team", about("user_left", "bob"))] * 2


def test_who_has_left_is_heard_and_hears_no_more(house: House, bobs: Seat) -> None:
    house.call("bob", "POST", "/rooms/{team}/leave/")
    for frame in (
        {"type": "message", "content": "still here"},
        {"type": "typing", "is_typing": True},
        {"type": "read_receipt", "message_id": "{hello}"},
    ):
        house.says(bobs, frame)
    assert house.told() == []
    assert house.messages() == ["hello", "answer"]
    house.call("alice", "POST", "/rooms/{team}/messages/", {"content": "x"})
    ((audience, _, _),) = house.told()
    assert audience == {"alice", "carol"}
    house.closes(bobs)
    assert house.told() == [({"alice", "carol"}, "team", about("user_left", "bob"))]


def test_opening_the_socket_of_a_public_room_joins_it(house: House) -> None:
    seat = house.opens("dave", "square")
    both = {"alice", "dave"}
    assert house.told() == [(both, "square", about("user_joined", "dave"))]
    house.says(seat, {"type": "message", "content": "hi"})
    said_last(house, "dave", "square")
    assert house.told() == [(both, "square", heard_message("new", "dave", "hi"))]
    house.closes(seat)
    assert house.rooms("dave") == ["square", "theirs"]
    assert house.call("alice", "GET", "/rooms/{square}/")[1]["participants"] == [user("alice"), user("dave")]
    assert house.unread("dave", "square") == 1
    assert house.call("dave", "POST", "/rooms/{square}/messages/", {"content": "x"})[0] == 201
    assert house.call("dave", "POST", "/rooms/{square}/leave/")[0] == 200
    assert house.call("dave", "POST", "/rooms/{square}/messages/", {"content": "x"})[0] == 403
    house.opens("dave", "square")
    assert "square" in house.rooms("dave")


# Direct sockets


def test_a_direct_socket_is_of_the_one_direct_room(house: House) -> None:
    for where in ({"peer": "alice"}, {"room": "pair"}):
        seat = house.opens("bob", **where)
        assert house.told() == [({"alice", "bob"}, "pair", about("user_joined", "bob"))]
        house.says(seat, {"type": "message", "content": "live"})
        said_last(house, "bob", "pair")
        assert house.told() == [({"alice", "bob"}, "pair", heard_message("new", "bob", "live"))]
    assert house.rooms("bob") == ["pair", "team"]
    assert house.messages("alice", "pair", "content") == ["Psst!", "live", "live"]


def test_a_direct_socket_makes_the_room_where_there_is_none(house: House) -> None:
    house.opens("bob", peer="dave")
    (house.known["new"], *_) = [
        each["id"] for each in house.ask("dave", "GET", "/api/chat/rooms/").json()["results"]
    ]
    assert house.told() == [({"bob", "dave"}, "new", about("user_joined", "bob"))]
    shown = house.call("dave", "GET", "/rooms/{new}/")[1]
    assert (shown["room_type"], shown["created_by"], shown["other_user"]) == (
        "direct",
        user("bob"),
        user("bob"),
    )
    assert house.call("dave", "POST", "/rooms/direct_message/", {"user_id": "{bob}"}) == (200, shown)
    house.opens("dave", peer="bob")
    assert house.rooms("dave") == ["new", "theirs"]


# Tokens and sessions


def test_the_token_of_a_socket_is_in_the_header_or_in_the_query(house: House) -> None:
    token = house.token("bob")
    assert house.opens("", "team", headers={}, query=f"token={token}").member == house.member("bob")
    both = {"authorization": f"Bearer {token}"}
    assert house.opens("", peer="alice", headers=both, query="token=x").member == house.member("bob")


def test_a_session_is_an_open_socket(house: House) -> None:
    def sessions(who: str) -> Any:
        return house.call(who, "GET", "/sessions/active_sessions/")[1]

    first, second = house.opens("bob", "team"), house.opens("bob", peer="alice")
    house.opens("alice", "team")
    shown = {
        "session_type": "web",
        "is_active": True,
        "last_ping": "TIME",
        "connected_at": "TIME",
        "user_agent": "tests",
        "ip_address": "127.0.0.1",
    }
    assert sessions("bob") == [{"session_id": each.key, **shown} for each in (first, second)]
    assert len(sessions("alice")) == 1
    assert sessions("carol") == []
    house.closes(first)
    assert [each["session_id"] for each in sessions("bob")] == [second.key]


def test_a_frame_is_a_sign_of_life(house: House, bobs: Seat) -> None:
    def last_ping() -> str:
        ((session),) = house.ask("bob", "GET", "/api/chat/sessions/active_sessions/").json()
        return str(session["last_ping"])

    before = last_ping()
    house.core.clock.move(60)
    assert last_ping() == before
    house.says(bobs, {"type": "typing", "is_typing": False})
    assert last_ping() > before


def test_old_sessions_are_removed_when_they_are_over(house: House, bobs: Seat) -> None:
    def cleaned(who: str) -> Any:
        return house.call(who, "POST", "/sessions/cleanup_old_sessions/", content=b"?")

    house.closes(house.opens("bob", "pair"))
    house.closes(house.opens("alice", "pair"))
    house.core.clock.move(86_390)
    assert cleaned("bob") == (200, {"status": "cleanup completed", "deleted_sessions": 0})
    house.core.clock.move(20)
    assert cleaned("bob") == (200, {"status": "cleanup completed", "deleted_sessions": 1})
    assert cleaned("bob") == (200, {"status": "cleanup completed", "deleted_sessions": 0})
    (kept,) = house.call("bob", "GET", "/sessions/active_sessions/")[1]
    assert kept["session_id"] == bobs.key
    assert cleaned("alice")[1]["deleted_sessions"] == 1


# With real sockets


def test_both_kinds_of_sockets_hear_their_own_room_alone() -> None:
    with listening(Rooms) as live:
        headers = {who: {"Authorization": f"Bearer {live.tokens[who]}"} for who in live.tokens}

        def ask(who: str, method: str, path: str, **options: Any) -> Any:
            url = f"{live.http}/api/chat{path}"
            return httpx.request(method, url, headers=headers[who], **options).json()

        def listen(who: str, path: str) -> ClientConnection:
            return connect(f"{live.ws}{path}", additional_headers=headers[who])

        def hears(socket: ClientConnection) -> tuple[str, str]:
            heard = json.loads(socket.recv(timeout=PATIENCE_SECONDS))
            of_message = heard.get("message", {})
            return heard["type"], of_message.get("content") or heard["user"].partition("@")[0]

        square = ask("alice", "POST", "/rooms/", json={"room_type": "public", "participant_ids": []})
        with listen("carol", f"/ws/chat/{square['id']}/") as carol:
            assert hears(carol) == ("user_joined", "carol")
            with listen("bob", f"/ws/direct/{square['created_by']['id']}/") as bob:
                assert hears(bob) == ("user_joined", "bob")
                (pair,) = ask("bob", "GET", "/rooms/")["results"]
                with connect(f"{live.ws}/ws/chat/{pair['id']}/?token={live.tokens['alice']}") as alice:
                    assert hears(alice) == hears(bob) == ("user_joined", "alice")
                    alice.send('{"type": "message", "content": "to bob"}')
                    assert hears(alice) == hears(bob) == ("message", "to bob")
                    ask("alice", "POST", f"/rooms/{square['id']}/messages/", json={"content": "to all"})
                    assert hears(carol) == ("message", "to all")
                    bob.send('{"type": "typing", "is_typing": true}')
                    assert hears(alice) == ("typing", "bob")
                    assert len(ask("bob", "GET", "/sessions/active_sessions/")) == 1
                assert hears(bob) == ("user_left", "alice")
            # Carol heard nothing of the two: what comes next is her own.
            carol.send('{"type": "message", "content": "last"}')
            assert hears(carol) == ("message", "last")
