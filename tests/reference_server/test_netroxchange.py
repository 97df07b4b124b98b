"""netroxchange: what every operation, frame and handshake comes to, who hears of it, and that all of it fits the documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from reference_server.apis.netroxchange import Netroxchange
from tests.reference_server.conftest import Live, listening, timeless
from tests.reference_server.town import PHOTO, SOCKET, THREADS, UPLOADS, Town, founding

PATIENCE_SECONDS = 20
NOBODY = "00000000-0000-4000-8000-000000000000"
NO_RECIPIENT = {"status": "failure", "entity": None, "message": "Invalid receipient", "success": False}


@pytest.fixture
def town() -> Iterator[Town]:
    """The undamaged server. Whatever it says in a test has to fit its documents."""
    with founding() as found:
        town = found()
        yield town
        town.events()
        assert town.slips == []


def user(town: Town, who: str) -> dict[str, object]:
    return {"id": town.id(who), "email": f"{who}@example.test", "profile": None}


def message(town: Town, sender: str, receiver: str, **changed: object) -> dict[str, object]:
    return {
        "id": 1,
        "sender": user(town, sender),
        "receiver": user(town, receiver),
        "attached_file_size": "0kb",
        "message": "hello",
        "updated": "TIME",
        "created": "TIME",
        "seen": False,
        "deleted": False,
        "attached_file": None,
        "attached_file_name": None,
        "thread": 1,
        **changed,
    }


# Messages


def test_with_somebody_to_whom_nothing_was_said_there_are_no_messages(town: Town) -> None:
    assert town.call("alice", "GET", f"/chat/messages/{town.id('bob')}/") == (
        200,
        {
            "status": "success",
            "entity": {"messages": []},
            "message": "Messages retreived successfully",
            "success": True,
        },
    )
    assert town.threads("alice") == []


def test_both_sides_read_what_was_said_oldest_first_and_nobody_else_does(town: Town) -> None:
    town.says("alice", "bob", "hello")
    town.says("carol", "alice", "another thread")
    town.says("bob", "alice", "hi")
    for who, peer in (("alice", "bob"), ("bob", "alice")):
        assert timeless(town.messages(who, peer)) == [
            message(town, "alice", "bob"),
            message(town, "bob", "alice", id=3, message="hi"),
        ]
    assert town.messages("carol", "bob") == []
    assert [each["message"] for each in town.messages("carol", "alice")] == ["another thread"]


def test_an_id_may_be_written_in_capitals(town: Town) -> None:
    town.says("alice", "bob", "hello")
    status, body = town.call("alice", "GET", f"/chat/messages/{town.id('bob').upper()}/")
    assert (status, len(body["entity"]["messages"])) == (200, 1)


@pytest.mark.parametrize("uid", [NOBODY, "5", "x", "own"])
def test_messages_with_nobody(town: Town, uid: str) -> None:
    known_as = town.id("alice") if uid == "own" else uid
    assert town.call("alice", "GET", f"/chat/messages/{known_as}/") == (404, NO_RECIPIENT)


# Threads


def test_two_who_have_talked_have_one_thread_whoever_began(town: Town) -> None:
    town.says("alice", "bob", "hello")
    town.says("bob", "alice", "hi")
    thread = {"id": 1, "user_one": user(town, "alice"), "user_two": user(town, "bob"), "craeted": "TIME"}
    for who in ("alice", "bob"):
        assert timeless(town.call(who, "GET", THREADS)) == (
            200,
            {"status": "success", "entity": [thread], "message": None, "success": True},
        )
    assert town.threads("carol") == []


# Files


def test_a_file_comes_with_a_message_that_nobody_hears_of(town: Town) -> None:
    uploaded = town.upload("alice", "bob")
    address = uploaded["attached_file"]
    day = uploaded["created"][:10].replace("-", "/")
    assert address.startswith(f"/mediafiles/attachments/{day}/") and address.endswith(".JPG")
    expected = message(
        town,
        "alice",
        "bob",
        message="look",
        attached_file=address,
        attached_file_name="my photo.JPG",
        attached_file_size="0.01KB",
    )
    assert timeless(uploaded) == expected
    assert timeless(town.messages("bob", "alice")) == [expected]
    assert town.heard() == []


def test_a_file_may_come_without_words(town: Town) -> None:
    status, body = town.call(
        "alice", "POST", UPLOADS, data={"receiver": town.id("bob")}, files=[("attached_file", PHOTO)]
    )
    assert (status, body["message"]) == (201, "File uploaded and chat created successfully")
    assert body["entity"]["message"]["message"] == ""


@pytest.mark.parametrize(
    "receiver, files",
    [
        pytest.param("bob", 0, id="no file"),
        pytest.param("bob", 2, id="two files"),
        pytest.param(None, 1, id="no receiver"),
        pytest.param("alice", 1, id="to oneself"),
        pytest.param(NOBODY, 1, id="to nobody"),
        pytest.param("5", 1, id="to no UUID"),
    ],
)
def test_a_form_that_is_refused_leaves_nothing(town: Town, receiver: str | None, files: int) -> None:
    known = receiver in ("alice", "bob")
    data = {"message": "look"} | ({"receiver": town.id(receiver) if known else receiver} if receiver else {})
    # A file under another name, so that the body is a form in any case.
    parts = [("attached_file", PHOTO)] * files + [("other", PHOTO)]
    status, body = town.call("alice", "POST", UPLOADS, data=data, files=parts)
    assert (status, body["status"], body["success"]) == (400, "failure", False)
    assert (town.threads("alice"), town.heard()) == ([], [])


def test_json_carries_no_file(town: Town) -> None:
    body = {"receiver": town.id("bob"), "message": "look", "attached_file": "x"}
    assert town.call("alice", "POST", UPLOADS, json=body)[0] == 400


def test_the_two_fetch_the_file_and_nobody_else_does(town: Town) -> None:
    address = town.upload("alice", "bob")["attached_file"]
    for who in ("alice", "bob"):
        assert town.call(who, "GET", address) == (200, PHOTO[1])
    assert town.call("carol", "GET", address)[0] == 404
    assert town.call(None, "GET", address)[0] == 401
    assert town.call("alice", "GET", f"/mediafiles/attachments/2024/26/17/{NOBODY}.jpg")[0] == 404


# Who is let in


def bad_tokens(town: Town) -> dict[str, str]:
    bob = town.member("bob")
    forged = {"sub": bob.uuid, "exp": 2**40, "token_type": "access"}
    return {
        "garbage": "garbage",
        "expired": town.core.identity.expired_token(bob),
        "refresh": town.core.identity.refresh_token(bob),
        "signed by somebody else": jwt.encode(forged, "x" * 32, algorithm="HS256"),
        "unsigned": jwt.encode(forged, "", algorithm="none"),
    }


def test_no_operation_answers_anybody_without_a_good_token(town: Town) -> None:
    operations = [("GET", f"/chat/messages/{town.id('alice')}/"), ("POST", UPLOADS), ("GET", THREADS)]
    good = town.token("bob")
    headers = [None, good, f"Token {good}", *(f"Bearer {token}" for token in bad_tokens(town).values())]
    for method, path in operations:
        for header in headers:
            status, body = town.call_with(header, method, path)
            assert (status, body["status"], body["success"]) == (401, "failure", False), header
        answer = town.client.request(method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_socket_opens_with_a_good_token_and_with_no_other(town: Town) -> None:
    assert town.knock({"token": town.token("bob")}) == "bob"
    assert town.knock({}) == 401
    assert {name: town.knock({"token": token}) for name, token in bad_tokens(town).items()} == dict.fromkeys(
        bad_tokens(town), 401
    )


def test_another_method_is_named_what_there_is(town: Town) -> None:
    answer = town.client.request("DELETE", THREADS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


# The socket


def test_a_text_is_heard_by_its_receiver_alone(town: Town) -> None:
    assert town.says("alice", "bob", "hello") is None
    (stored,) = town.messages("alice", "bob")
    assert town.events() == [
        (
            ["bob"],
            {
                "message_body": "hello",
                "sender_id": town.id("alice"),
                "receiver_id": town.id("bob"),
                "timestamp": stored["created"].replace("Z", "+00:00"),
                "created_msg_id": stored["id"],
                "action": "re_message",
            },
        )
    ]


def test_an_announced_file_is_heard_with_the_stored_text(town: Town) -> None:
    uploaded = town.upload("alice", "bob", "the stored text")
    assert town.announces("alice", uploaded, "another text") is None
    told = (
        ["bob"],
        {
            "message_body": "the stored text",
            "attached_file_name": "my photo.JPG",
            "attached_file_size": "0.01KB",
            "attached_file_url": uploaded["attached_file"],
            "sender_id": town.id("alice"),
            "receiver_id": town.id("bob"),
            "timestamp": uploaded["created"].replace("Z", "+00:00"),
            "created_msg_id": uploaded["id"],
            "action": "re_message_file",
        },
    )
    assert town.events() == [told]
    assert town.announces("alice", uploaded) is None
    assert town.events() == [told]
    assert len(town.messages("bob", "alice")) == 1


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_only_who_uploaded_a_file_announces_it(town: Town, who: str) -> None:
    uploaded = town.upload("alice", "bob")
    assert town.announces(who, uploaded) == {"action": "error", "message": "No such chat"}
    assert town.heard() == []


@pytest.mark.parametrize("chat_id", ["1", "9", "0", "-1", "x", "²", "9" * 19, "9" * 400])
def test_a_chat_without_a_file_is_not_announced(town: Town, chat_id: str) -> None:
    town.says("alice", "bob", "message 1")
    town.events()
    assert town.announces("alice", {"id": chat_id}) == {"action": "error", "message": "No such chat"}
    assert town.heard() == []


FRAMES: dict[str, object] = {
    "no JSON": "hello",
    "no object": [],
    "no action": {"message_body": "x", "receiver_id": "BOB"},
    "unknown action": {"action": "shout", "message_body": "x", "receiver_id": "BOB"},
    "an event": {"action": "re_message", "message_body": "x", "receiver_id": "BOB"},
    "an action that is no text": {"action": 1},
    "no receiver": {"action": "chat_message", "message_body": "x"},
    "a receiver that is no text": {"action": "chat_message", "message_body": "x", "receiver_id": 2},
    "a receiver that is no UUID": {"action": "chat_message", "message_body": "x", "receiver_id": "2"},
    "nobody": {"action": "chat_message", "message_body": "x", "receiver_id": NOBODY},
    "oneself": {"action": "chat_message", "message_body": "x", "receiver_id": "ALICE"},
    "no text": {"action": "chat_message", "receiver_id": "BOB"},
    "an empty text": {"action": "chat_message", "message_body": "", "receiver_id": "BOB"},
    "a text that is none": {"action": "chat_message", "message_body": 1, "receiver_id": "BOB"},
    "no chat": {"action": "chat_message_file", "message_body": "x"},
    "a chat that is no text": {"action": "chat_message_file", "chat_id": 1},
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=list(FRAMES))
def test_a_frame_that_cannot_be_taken_is_answered_with_an_error(town: Town, frame: object) -> None:
    said = frame if isinstance(frame, str) else json.dumps(frame)
    for who in ("alice", "bob"):
        said = said.replace(who.upper(), town.id(who))
    answer = town.frame("alice", said)
    assert isinstance(answer, dict) and answer["action"] == "error" and answer["message"]
    assert (town.heard(), town.threads("alice")) == ([], [])


def test_the_error_of_a_receiver_that_nobody_is_says_so(town: Town) -> None:
    frame = {"action": "chat_message", "message_body": "x", "receiver_id": NOBODY}
    assert town.frame("alice", json.dumps(frame)) == {"action": "error", "message": "Invalid receipient"}


# As it listens


@pytest.fixture
def live() -> Iterator[Live]:
    with listening(Netroxchange) as live:
        yield live


def ear(live: Live, who: str) -> ClientConnection:
    return connect(f"{live.ws}{SOCKET}?token={live.tokens[who]}", compression=None)


def heard(ear: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(ear.recv(timeout=PATIENCE_SECONDS)))


def members(live: Live) -> dict[str, str]:
    hello = httpx.get(f"{live.http}/__reference__/hello").json()
    return {each["name"]: each["attributes"]["id"] for each in hello["members"]}


def test_every_device_of_the_receiver_hears_and_an_error_leaves_the_socket_open(live: Live) -> None:
    known = members(live)

    def said(who: str, text: str) -> str:
        return json.dumps({"action": "chat_message", "message_body": text, "receiver_id": known[who]})

    with (
        ear(live, "alice") as phone,
        ear(live, "alice") as laptop,
        ear(live, "bob") as one,
        ear(live, "bob") as two,
        ear(live, "carol") as carol,
    ):
        phone.send(b"\x00\xff")  # a binary frame says nothing: the error below is the first answer
        phone.send("no JSON")
        assert heard(phone) == {"action": "error", "message": "The body is not valid JSON"}
        phone.send(said("bob", "hello"))
        assert [heard(each)["message_body"] for each in (one, two)] == ["hello", "hello"]
        # The first that the others hear is what is said to them now.
        one.send(said("alice", "for alice"))
        assert [heard(each)["message_body"] for each in (phone, laptop)] == ["for alice", "for alice"]
        two.send(said("carol", "for carol"))
        assert heard(carol)["message_body"] == "for carol"


@pytest.mark.parametrize("query", ["", "?token=", "?token=garbage"])
def test_a_socket_is_refused_by_http(live: Live, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{live.ws}{SOCKET}{query}", compression=None)
    assert refused.value.response.status_code == 401
