"""FE-16OPS over HTTP: who is refused what, with which status, and without any effect."""

from __future__ import annotations

import pytest

from tests.reference_server.conftest import NOT_FOUND, Site

ALICE, BOB = 1, 2

# Every operation that asks for a token, with a body that is good for it.
OPERATIONS: list[tuple[str, str, object]] = [
    ("GET", "/conversations/", None),
    ("POST", "/start-conversation/", {"receiver_id": BOB}),
    ("GET", "/conversations/1/", None),
    ("POST", "/conversations/1/messages/", {"content": "hello"}),
    ("POST", "/conversations/1/read/", None),
    ("POST", "/messages/1/react/", {"reaction_type": "👍"}),
    ("PUT", "/messages/1/", {"content": "changed"}),
    ("DELETE", "/messages/1/", None),
    ("POST", "/generate-upload-url/", {"filename": "a.jpg", "filetype": "image/jpeg"}),
]
ON_A_CONVERSATION = OPERATIONS[2:5]
ON_A_MESSAGE = OPERATIONS[5:8]


@pytest.mark.parametrize("method, path, body", OPERATIONS)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Token",
        "Token ",
        "Token nobody",
        "token {}",
        "Bearer {}",
        "{}",
        "Token {} {}",
        "Token\xa0{}",
        "Token é",
    ],
)
def test_without_a_good_token(talk: Site, header: str | None, method: str, path: str, body: object) -> None:
    token = talk.token("alice")
    headers = {} if header is None else {"Authorization": header.replace("{}", token).encode("latin-1")}
    answer = talk.client.request(method, f"/api/messaging{path}", json=body, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert token not in answer.text
    assert talk.events() == []


def test_an_expired_token(talk: Site) -> None:
    token = talk.client.post("/__reference__/expired-token", json={"member_id": ALICE}).json()["token"]
    answer = talk.client.get("/api/messaging/conversations/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("method, path, body", ON_A_CONVERSATION + ON_A_MESSAGE)
def test_an_outsider_finds_nothing_and_changes_nothing(
    talk: Site, method: str, path: str, body: object
) -> None:
    before = talk.call("alice", "GET", "/conversations/1/")
    assert talk.call("carol", method, path, body) == NOT_FOUND
    assert talk.call("alice", "GET", "/conversations/1/") == before
    assert talk.events() == []


@pytest.mark.parametrize("method, path, body", ON_A_CONVERSATION + ON_A_MESSAGE)
@pytest.mark.parametrize(
    "number", ["99", "0", "-1", "x", "1.0", "NaN", str(2**63), "9" * 400, "%00", "%F0%9F%91%8D"]
)
def test_what_is_not_there(talk: Site, number: str, method: str, path: str, body: object) -> None:
    assert talk.call("alice", method, path.replace("1", number), body) == NOT_FOUND


@pytest.mark.parametrize("method, path, body", ON_A_MESSAGE[1:])
def test_somebody_elses_message(talk: Site, method: str, path: str, body: object) -> None:
    before = talk.call("alice", "GET", "/conversations/1/")
    assert talk.call("bob", method, path, body) == NOT_FOUND
    assert talk.call("alice", "GET", "/conversations/1/") == before
    assert talk.events() == []


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("POST", "/start-conversation/", {}),
        ("POST", "/start-conversation/", {"receiver_id": True}),
        ("POST", "/start-conversation/", {"receiver_id": "2"}),
        ("POST", "/start-conversation/", {"receiver_id": BOB, "message": ""}),
        ("POST", "/start-conversation/", {"receiver_id": BOB, "message": None}),
        ("POST", "/start-conversation/", {"receiver_id": BOB, "product_id": "1"}),
        ("POST", "/conversations/1/messages/", {}),
        ("POST", "/conversations/1/messages/", {"content": ""}),
        ("POST", "/conversations/1/messages/", {"content": "x", "message_type": "video"}),
        ("POST", "/messages/1/react/", {"reaction_type": "x" * 65}),
        ("POST", "/messages/1/react/", {"reaction_type": None}),
        ("PUT", "/messages/1/", {"content": 1}),
        ("PUT", "/messages/1/", []),
        ("POST", "/generate-upload-url/", {"filename": "a.jpg"}),
        ("POST", "/generate-upload-url/", {"filename": "", "filetype": "image/jpeg"}),
    ],
)
def test_an_invalid_body_has_no_effect(talk: Site, method: str, path: str, body: object) -> None:
    before = talk.call("alice", "GET", "/conversations/1/")
    status, answer = talk.call("alice", method, path, body)
    assert (status, answer["success"]) == (400, False)
    assert talk.call("alice", "GET", "/conversations/1/") == before
    assert talk.events() == []


@pytest.mark.parametrize("content", [b"", b"content=x", b'{"content": "\\ud800"}', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json(talk: Site, content: bytes) -> None:
    headers = {"Authorization": f"Token {talk.token('alice')}"}
    for method, path in (
        ("POST", "conversations/1/messages/"),
        ("PUT", "messages/1/"),
        ("POST", "start-conversation/"),
    ):
        answer = talk.client.request(method, f"/api/messaging/{path}", content=content, headers=headers)
        assert answer.status_code == 400


def test_token_first_then_the_path_then_the_body(talk: Site) -> None:
    assert talk.call(None, "POST", "/conversations/99/messages/", {})[0] == 401
    assert talk.call("alice", "POST", "/conversations/99/messages/", {})[0] == 404
    assert talk.call("alice", "POST", "/conversations/1/messages/", {})[0] == 400


def test_a_body_may_have_a_mebibyte(talk: Site) -> None:
    room = 1024 * 1024 - len('{"content":""}')
    headers = {"Authorization": f"Token {talk.token('alice')}"}
    for size, status in ((room, 201), (room + 1, 413)):
        body = b'{"content":"' + b"x" * size + b'"}'
        answer = talk.client.post("/api/messaging/conversations/1/messages/", content=body, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("PATCH", "/messages/1/", "DELETE, PUT"),
        ("OPTIONS", "/messages/1/", "DELETE, PUT"),
        ("DELETE", "/conversations/", "GET, HEAD"),
        ("HEAD", "/start-conversation/", "POST"),
        ("TRACE", "/conversations/1/", "GET, HEAD"),
    ],
)
def test_a_method_the_path_does_not_have(talk: Site, method: str, path: str, allowed: str) -> None:
    answer = talk.client.request(method, f"/api/messaging{path}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_head_is_get_without_its_body(talk: Site) -> None:
    headers = {"Authorization": f"Token {talk.token('alice')}"}
    assert talk.client.request("HEAD", "/api/messaging/conversations/", headers=headers).status_code == 200
    assert talk.client.request("HEAD", "/api/messaging/conversations/").status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/conversations", "/conversations/1", "/conversations//", "/x/", "/conversations/1%2F2/"]
)
def test_a_path_that_does_not_exist(talk: Site, path: str) -> None:
    assert talk.call("alice", "GET", path) == NOT_FOUND
