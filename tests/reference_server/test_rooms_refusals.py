"""Rooms: who is refused, with what, by HTTP and on sockets, and that nothing comes of it."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest

from reference_server.core.refusals import Absent, Anonymous, Invalid, Outsider, Refusal
from tests.reference_server.house import NOBODY, House, furnish, opening, spec

NOT_FOUND = (404, {"detail": "Not found."})
NO_ACCESS = (403, {"detail": "You don't have access to this room"})
NOT_THE_SENDER = (403, {"detail": "You can only change your own messages"})

ROOM, MESSAGE = "/rooms/{team}/", "/rooms/{team}/messages/{hello}/"
# What every operation is called by.
CALLS: dict[str, tuple[str, str, object]] = {
    "listRooms": ("GET", "/rooms/", None),
    "createRoom": ("POST", "/rooms/", {"room_type": "group", "participant_ids": []}),
    "directMessage": ("POST", "/rooms/direct_message/", {"user_id": "{dave}"}),
    "getRoom": ("GET", ROOM, None),
    "updateRoom": ("PATCH", ROOM, {"name": "x"}),
    "deleteRoom": ("DELETE", ROOM, None),
    "markRoomRead": ("POST", f"{ROOM}mark_read/", None),
    "listTypingUsers": ("GET", f"{ROOM}typing_users/", None),
    "leaveRoom": ("POST", f"{ROOM}leave/", None),
    "listMessages": ("GET", f"{ROOM}messages/", None),
    "sendMessage": ("POST", f"{ROOM}messages/", {"content": "x"}),
    "editMessage": ("PATCH", MESSAGE, {"content": "x"}),
    "deleteMessage": ("DELETE", MESSAGE, None),
    "reactToMessage": ("POST", f"{MESSAGE}react/", {"emoji": "x", "action": "add"}),
    "markMessageRead": ("POST", f"{MESSAGE}mark_read/", None),
    "searchMessages": ("GET", "/search/messages/?q=e", None),
    "searchRooms": ("GET", "/search/rooms/?q=e", None),
    "listActiveSessions": ("GET", "/sessions/active_sessions/", None),
    "cleanupOldSessions": ("POST", "/sessions/cleanup_old_sessions/", None),
}
ADDRESSED = [name for name, (_, path, _) in CALLS.items() if "{team}" in path]
OF_A_MESSAGE = [name for name in ADDRESSED if "{hello}" in CALLS[name][1]]
READING = ["getRoom", "listTypingUsers", "listMessages"]


@pytest.fixture
def house() -> Iterator[House]:
    with opening() as open_house:
        yield furnish(open_house())


def refused(house: House, who: str | None, name: str, answer: object, **changed: str) -> bool:
    """Whether the operation, with that changed in its path, is answered so, and nothing comes of it."""
    before, (method, path, body) = house.state(), CALLS[name]
    for old, new in changed.items():
        path = path.replace(f"{{{old}}}", new)
    assert house.call(who, method, path, body) == answer
    return house.unharmed(before)


def test_every_operation_is_called() -> None:
    assert set(CALLS) == set(spec().operations)


def bad_tokens(house: House) -> list[str | None]:
    alice = house.member("alice")
    head, body, _ = house.token("alice").split(".")
    unsigned = jwt.encode({"sub": alice.uuid, "exp": 2**40, "token_type": "access"}, "", algorithm="none")
    expired = house.core.identity.expired_token(alice)
    return [None, "", "garbage", f"{head}.{body}.AAAA", unsigned, expired]


@pytest.mark.parametrize("name", CALLS)
def test_the_anonymous(house: House, name: str) -> None:
    before, (method, path, body) = house.state(), CALLS[name]
    for token in bad_tokens(house):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        response = house.ask(
            None,
            method,
            f"/api/chat{path}",
            headers=headers,
            json=None if body is None else house.named(body),
        )
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    another = {"Authorization": f"Token {house.token('alice')}"}
    assert house.ask(None, method, f"/api/chat{path}", headers=another).status_code == 401
    assert house.unharmed(before)


@pytest.mark.parametrize("name", ADDRESSED)
def test_outsiders(house: House, name: str) -> None:
    assert refused(house, "dave", name, NO_ACCESS)


@pytest.mark.parametrize("name", ADDRESSED)
def test_who_has_left_is_an_outsider(house: House, name: str) -> None:
    house.call("bob", "POST", "/rooms/{team}/leave/")
    method, path, body = CALLS[name]
    assert house.call("bob", method, path, body) == NO_ACCESS


@pytest.mark.parametrize("name", [name for name in ADDRESSED if name not in READING])
def test_who_only_reads_a_public_room_writes_nothing(house: House, name: str) -> None:
    assert refused(house, "dave", name, NO_ACCESS, team="{square}", hello="{notice}")


@pytest.mark.parametrize("nowhere", [NOBODY, "1", "x", "{hello}", "direct_messages"])
@pytest.mark.parametrize("name", ADDRESSED)
def test_rooms_that_nobody_has(house: House, name: str, nowhere: str) -> None:
    assert refused(house, "alice", name, NOT_FOUND, team=nowhere)


@pytest.mark.parametrize("nothing", [NOBODY, "1", "x", "{team}"])
@pytest.mark.parametrize("name", OF_A_MESSAGE)
def test_messages_that_nobody_has(house: House, name: str, nothing: str) -> None:
    assert refused(house, "alice", name, NOT_FOUND, hello=nothing)


@pytest.mark.parametrize("who, elsewhere", [("alice", "{psst}"), ("alice", "{secret}"), ("dave", "{secret}")])
@pytest.mark.parametrize("name", OF_A_MESSAGE)
def test_messages_of_another_room(house: House, name: str, who: str, elsewhere: str) -> None:
    assert refused(house, who, name, NOT_FOUND, hello=elsewhere)


@pytest.mark.parametrize("name", ["editMessage", "deleteMessage"])
def test_nobody_changes_what_somebody_else_wrote(house: House, name: str) -> None:
    assert refused(house, "bob", name, NOT_THE_SENDER)
    assert refused(house, "alice", name, NOT_THE_SENDER, hello="{answer}")


@pytest.mark.parametrize("name", ["updateRoom", "deleteRoom"])
@pytest.mark.parametrize("who, room", [("bob", "team"), ("bob", "pair"), ("dave", "theirs")])
def test_nobody_but_its_creator_changes_a_room(house: House, name: str, who: str, room: str) -> None:
    answer = (403, {"detail": "Only the creator of a room may change or delete it"})
    assert refused(house, who, name, answer, team=f"{{{room}}}")


def test_a_direct_room_is_not_left(house: House) -> None:
    answer = (400, {"error": "Cannot leave direct message rooms"})
    for who in ("alice", "bob"):
        assert refused(house, who, "leaveRoom", answer, team="{pair}")


# The order


def test_an_outsider_learns_nothing_from_what_comes_later(house: House) -> None:
    path = "/rooms/{team}/"
    assert house.call("dave", "POST", f"{path}messages/", {}) == NO_ACCESS
    assert house.call("dave", "GET", f"{path}messages/?page=9") == NO_ACCESS
    assert house.call("bob", "PATCH", path, [])[0] == 403
    assert house.call("bob", "PATCH", MESSAGE, []) == NOT_THE_SENDER
    missing = house.call("dave", "PATCH", f"{path}messages/{NOBODY}/", [])
    assert missing == NOT_FOUND
    body = {"content": "", "reply_to": NOBODY}
    assert house.call("alice", "POST", f"{path}messages/", body)[0] == 400


# Sockets


@pytest.mark.parametrize("peer, room", [("", "team"), ("bob", "")])
def test_no_socket_opens_without_a_good_token(house: House, peer: str, room: str) -> None:
    before = house.state()
    for token in bad_tokens(house):
        for knocking in (
            {"headers": {} if token is None else {"authorization": f"Bearer {token}"}},
            {"headers": {}, "query": "" if token is None else f"token={token}"},
        ):
            with pytest.raises(Anonymous):
                house.opens("", room, peer, **knocking)
    with pytest.raises(Anonymous):
        header = {"authorization": f"Token {house.token('alice')}"}
        house.opens("", room, peer, headers=header, query=f"token={house.token('alice')}")
    assert house.unharmed(before)


@pytest.mark.parametrize(
    "who, room, peer, refusal",
    [
        ("dave", "team", "", Outsider),
        ("dave", "pair", "", Outsider),
        ("alice", "theirs", "", Outsider),
        ("alice", NOBODY, "", Absent),
        ("alice", "1", "", Absent),
        ("alice", "", NOBODY, Absent),
        ("alice", "", "x", Absent),
        ("alice", "", "team", Absent),
        ("alice", "", "alice", Invalid),
    ],
)
def test_sockets_that_do_not_open(
    house: House, who: str, room: str, peer: str, refusal: type[Refusal]
) -> None:
    before = house.state()
    with pytest.raises(refusal) as caught:
        house.opens(who, room, peer)
    assert house.api.refuse(caught.value).status == {Outsider: 403, Absent: 404, Invalid: 400}[refusal]
    assert house.unharmed(before)
    assert house.call(who, "GET", "/sessions/active_sessions/") == (200, [])


def test_what_was_deleted_or_left_has_no_socket(house: House) -> None:
    house.call("bob", "POST", "/rooms/{team}/leave/")
    with pytest.raises(Outsider):
        house.opens("bob", "team")
    house.call("alice", "DELETE", "/rooms/{team}/")
    with pytest.raises(Absent):
        house.opens("alice", "team")


# The frame


def test_other_methods_paths_and_sizes(house: House) -> None:
    wrong = house.ask("alice", "PUT", "/api/chat/rooms/{team}/")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "DELETE, GET, HEAD, PATCH")
    assert house.ask("alice", "GET", "/api/chat/rooms").status_code == 404
    assert house.ask("alice", "GET", f"/media/chat/{NOBODY}/").status_code == 404
    path, headers = (
        "/api/chat/sessions/cleanup_old_sessions/",
        {"Authorization": f"Bearer {house.token('alice')}"},
    )
    too_large = house.client.post(path, headers=headers, content=b"x" * 2**21)
    assert too_large.status_code == 413
