"""Conversations: who is refused, with what, that nothing comes of it, and which frames are answered with an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from reference_server.core.refusals import Absent, Anonymous, Outsider, Refusal
from tests.reference_server.chat_of_two import ALICE, Chat, opening, spec, talk

NOT_FOUND = (404, {"detail": "Not found."})
OUTSIDE = (403, {"detail": "You are not a participant in this conversation"})
NOT_THE_SENDER = (403, {"detail": "You are not the sender of this message"})

# What every operation but the login is called by, and whether it is about conversation 1 or a message in it.
CALLS: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    "listConversations": ("GET", "/conversations/", {}, False),
    "startConversation": ("POST", "/conversations/start/", {"json": {"user2": 2}}, False),
    "getConversation": ("GET", "/conversations/{}/", {}, True),
    "updateConversation": ("PUT", "/conversations/{}/", {"json": {}}, True),
    "deleteConversation": ("DELETE", "/conversations/{}/", {}, True),
    "listConversationMessages": ("GET", "/conversations/{}/messages/", {}, True),
    "sendMessage": ("POST", "/conversations/{}/send_message/", {"files": {"content": (None, "x")}}, True),
    "listMessages": ("GET", "/messages/", {}, False),
    "getMessage": ("GET", "/messages/{}/", {}, True),
    "markRead": ("POST", "/messages/{}/mark_read/", {}, True),
    "editMessage": ("POST", "/messages/{}/edit_message/", {"json": {"content": "x"}}, True),
    "deleteMessage": ("POST", "/messages/{}/delete_message/", {}, True),
}
ADDRESSED = [name for name, (_, _, _, addressed) in CALLS.items() if addressed]


@pytest.fixture
def chat() -> Iterator[Chat]:
    with opening() as open_chat:
        yield talk(open_chat())


def state(chat: Chat) -> list[Any]:
    return [
        *(chat.call(who, "GET", "/conversations/") for who in ("alice", "bob", "carol")),
        *(chat.call(who, "GET", "/messages/") for who in ("alice", "bob", "carol")),
    ]


def unharmed(chat: Chat, before: list[Any]) -> bool:
    return state(chat) == before and chat.told() == []


def test_every_operation_is_called() -> None:
    assert set(CALLS) == set(spec().operations) - {"login"}


@pytest.mark.parametrize("name", CALLS)
def test_the_anonymous(chat: Chat, name: str) -> None:
    method, path, options, _ = CALLS[name]
    before, (alice, _, _) = state(chat), chat.core.members
    expired = chat.core.identity.expired_token(alice)
    head, body, _ = chat.token("alice").split(".")
    unsigned = jwt.encode({"sub": alice.uuid, "exp": 2**40, "token_type": "access"}, "", algorithm="none")
    for given in (
        None,
        "Bearer",
        "Bearer ",
        "Bearer garbage",
        f"Token {chat.token('alice')}",
        f"Bearer {head}.{body}.AAAA",
        f"Bearer {unsigned}",
        f"Bearer {expired}",
    ):
        headers = {} if given is None else {"Authorization": given}
        response = chat.ask(None, method, f"/api/chat{path.format(99)}", headers=headers, **options)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert unharmed(chat, before)


@pytest.mark.parametrize("name", ADDRESSED)
def test_outsiders(chat: Chat, name: str) -> None:
    method, path, options, _ = CALLS[name]
    before = state(chat)
    assert chat.call("carol", method, path.format(1), **options) == OUTSIDE
    assert unharmed(chat, before)


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "01", "9" * 30])
@pytest.mark.parametrize("name", ADDRESSED)
def test_what_nobody_has(chat: Chat, name: str, number: str) -> None:
    method, path, options, _ = CALLS[name]
    before = state(chat)
    assert chat.call("alice", method, path.format(number), **options) == NOT_FOUND
    assert unharmed(chat, before)


@pytest.mark.parametrize("act", ["edit_message", "delete_message"])
def test_the_other_one_changes_nothing_of_ones_own(chat: Chat, act: str) -> None:
    before = state(chat)
    assert chat.call("bob", "POST", f"/messages/1/{act}/", {"content": "x"}) == NOT_THE_SENDER
    assert unharmed(chat, before)


@pytest.mark.parametrize(
    "body, status",
    [
        ({"user2": 99}, 404),
        ({"user2": 0}, 404),
        ({"user2": -1}, 404),
        *[({"user2": wrong}, 400) for wrong in (ALICE, 2**63, "2", None, True, 1.5)],
        ({}, 400),
        ([], 400),
        (7, 400),
    ],
)
def test_starting_with_nobody(chat: Chat, body: object, status: int) -> None:
    before = state(chat)
    assert chat.call("alice", "POST", "/conversations/start/", body)[0] == status
    assert unharmed(chat, before)


def test_sending_nothing(chat: Chat) -> None:
    before = state(chat)
    nothing = (400, {"detail": "No content or attachment provided"})
    assert chat.send("alice", None) == nothing
    assert chat.send("alice", "") == nothing
    assert unharmed(chat, before)


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"content": "x"}},
        {"data": {"content": "x"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"files": [("content", (None, "x")), ("content", (None, "y"))]},
        {"files": {"content": (None, "x"), "attachment": (None, "no file")}},
        {"files": [("attachment", ("a", b"a")), ("attachment", ("b", b"b"))]},
    ],
)
def test_what_is_no_message(chat: Chat, options: dict[str, Any]) -> None:
    before = state(chat)
    headers = {"Authorization": f"Bearer {chat.token('alice')}", **options.pop("headers", {})}
    path = "/conversations/1/send_message/"
    assert chat.call(None, "POST", path, headers=headers, **options)[0] == 400
    assert unharmed(chat, before)


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": None}, {"content": 7}, []])
def test_an_edit_to_nothing(chat: Chat, body: object) -> None:
    before = state(chat)
    assert chat.call("alice", "POST", "/messages/1/edit_message/", body)[0] == 400
    assert unharmed(chat, before)


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null"])
def test_an_update_with_what_is_no_object(chat: Chat, body: bytes) -> None:
    assert chat.call("alice", "PUT", "/conversations/1/", content=body)[0] == 400


def test_what_is_refused_first(chat: Chat) -> None:
    for who, path, status in (
        ("carol", "/messages/1/edit_message/", 403),  # no participant, and nothing to write
        ("bob", "/messages/1/edit_message/", 403),  # not the sender, and nothing to write
        ("carol", "/messages/99/edit_message/", 404),
    ):
        assert chat.call(who, "POST", path, {})[0] == status
    assert chat.send("carol", None)[0] == 403
    assert chat.call("carol", "GET", "/conversations/1/messages/?page=x")[0] == 403


@pytest.mark.parametrize(
    "body, status",
    [
        ({"username": "alice", "password": "wrong"}, 401),
        ({"username": "nobody", "password": "wrong"}, 401),
        ({"username": "alice"}, 400),
        ({"username": "alice", "password": 7}, 400),
        ({"username": "", "password": ""}, 400),
        ([], 400),
    ],
)
def test_not_signing_in(chat: Chat, body: object, status: int) -> None:
    assert chat.ask(None, "POST", "/api/auth/login/", json=body).status_code == status


# The socket


def test_handshakes(chat: Chat) -> None:
    (alice, _, _) = chat.core.members
    refusals: list[tuple[type[Refusal], str | None, object]] = [
        *((Anonymous, token, 1) for token in (None, "", "garbage", chat.core.identity.expired_token(alice))),
        (Anonymous, chat.core.identity.refresh_token(alice), 1),
        (Anonymous, "garbage", 99),
        (Outsider, chat.token("carol"), 1),
        *((Absent, chat.token("alice"), room) for room in (99, 0, "x")),
    ]
    for refusal, token, room in refusals:
        with pytest.raises(refusal):
            chat.knock(token, room)
    assert chat.knock(chat.token("bob"), 1).room_id == 1


WRONG_FRAMES = (
    *("", "not JSON", "[]", "7", "{}", "[" * 100_000),
    *({"type": each} for each in ("message", "typing", "read", "edit", "delete", "error", "x", 7, None)),
    {"type": "message", "content": ""},
    {"type": "message", "content": 7},
    {"type": "typing", "is_typing": "yes"},
    {"type": "typing", "is_typing": 1},
    {"type": "read", "message_id": "2"},
    {"type": "read", "message_id": 99},
    {"type": "edit", "message_id": 1},
    {"type": "edit", "message_id": 1, "content": ""},
    # the other one's
    {"type": "edit", "message_id": 2, "content": "x"},
    {"type": "delete", "message_id": 2},
    # of another conversation that alice is in; and one that she is not in
    {"type": "read", "message_id": 3},
    {"type": "read", "message_id": 5},
    {"type": "edit", "message_id": 4, "content": "x"},
    {"type": "delete", "message_id": 4},
)


@pytest.mark.parametrize("frame", WRONG_FRAMES, ids=range(len(WRONG_FRAMES)))
def test_wrong_frames_are_answered_with_an_error_and_change_nothing(chat: Chat, frame: object) -> None:
    chat.send("alice", "to carol", room=2)
    chat.start("bob", 3)
    chat.send("bob", "behind her back", room=3)
    chat.told()
    before = state(chat)
    answer = chat.speak("alice", frame)
    assert answer is not None
    assert answer["type"] == "error"
    assert unharmed(chat, before)


def test_a_socket_of_a_deleted_conversation_does_nothing(chat: Chat) -> None:
    seat = chat.knock(chat.token("alice"))
    chat.call("bob", "DELETE", "/conversations/1/")
    with pytest.raises(Absent), chat.core.request():
        chat.channel.hear(seat, '{"type": "message", "content": "anybody there?"}')
    assert chat.told() == []
