"""The server as it listens: real sockets, real concurrency."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from reference_server import serving
from reference_server.core.hub import FURTHEST_BEHIND
from tests.reference_server.conftest import Live

PATIENCE_SECONDS = 20
ALICE, BOB = 1, 2


@pytest.fixture
def http(live: Live) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{live.http}/api/messaging", timeout=PATIENCE_SECONDS) as client:
        yield client


def post(http: httpx.Client, live: Live, who: str, path: str, **body: object) -> dict[str, Any]:
    answer = http.post(path, json=body, headers=live.headers(who))
    answer.raise_for_status()
    return dict(answer.json())


def hear(ear: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(ear.recv(timeout=PATIENCE_SECONDS)))


@contextmanager
def ears(live: Live, who: str) -> Iterator[ClientConnection]:
    with connect(live.socket(who), compression=None) as ear:
        yield ear


def test_everybody_hears_what_concerns_them_in_order(live: Live, http: httpx.Client) -> None:
    with (
        ears(live, "alice") as alice,
        ears(live, "bob") as phone,
        ears(live, "bob") as laptop,
        ears(live, "carol") as carol,
    ):
        post(http, live, "alice", "/start-conversation/", receiver_id=BOB, message="0")
        for n in range(1, 20):
            post(http, live, "alice", "/conversations/1/messages/", content=str(n))
        post(http, live, "bob", "/messages/1/react/", reaction_type="👍")
        for ear in (phone, laptop):
            assert [hear(ear)["message"]["content"] for _ in range(20)] == [str(n) for n in range(20)]
            assert hear(ear)["reaction"]["reaction_type"] == "👍"
        # Her own messages were for the others, so the reaction is the first thing alice hears.
        assert hear(alice)["type"] == "reaction_updated"
        # And carol, who is in no conversation, hears only what comes now.
        post(http, live, "alice", "/start-conversation/", receiver_id=3, message="fence")
        assert hear(carol)["message"]["content"] == "fence"


def test_a_late_comer_hears_nothing_of_before(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB, message="before")
    with ears(live, "bob") as bob:
        post(http, live, "alice", "/conversations/1/messages/", content="after")
        assert hear(bob)["message"]["content"] == "after"


def test_a_frame_sends_a_text_and_anything_else_is_ignored(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB)
    nonsense: list[str | bytes] = [
        *("", "hello", "[]", "null", "{}", "[" * 50_000, '{"message": "x"}', '{"conversation_id": 1}'),
        *(json.dumps({"message": text, "conversation_id": 1}) for text in ("", None, 1)),
        *(json.dumps({"message": "x", "conversation_id": room}) for room in ("1", True, None, 99, 2**64)),
        *(
            b"\x00\xff",
            b'{"message": "binary", "conversation_id": 1}',
            '{"message": "\\ud800", "conversation_id": 1}',
        ),
    ]
    outsiders = json.dumps({"message": "not mine", "conversation_id": 1})
    with ears(live, "alice") as alice, ears(live, "bob") as bob, ears(live, "carol") as carol:
        carol.send(outsiders)
        carol.ping().wait(PATIENCE_SECONDS)
        for frame in nonsense:
            alice.send(frame)
        alice.send(json.dumps({"message": "hello", "conversation_id": 1}))
        heard = hear(bob)
        assert heard["type"] == "new_message"
        assert heard["message"]["content"] == "hello"
        assert heard["message"]["sender"] == {"id": ALICE, "username": "alice"}
    page = http.get("/conversations/1/", headers=live.headers("alice")).json()
    assert [message["content"] for message in page["messages"]] == ["hello"]


@pytest.mark.parametrize(
    "query", ["", "?token=", "?token=nobody", "?token={0}&token={0}", "?token=Token%20{0}"]
)
def test_without_a_good_token_no_socket_opens(live: Live, query: str) -> None:
    address = f"{live.ws}/ws/messaging/{query.format(live.tokens['alice'])}"
    with pytest.raises(InvalidStatus) as refused, connect(address):
        pass
    response = refused.value.response
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Token"
    assert response.headers["Content-Type"] == "application/json"
    assert live.tokens["alice"].encode() not in response.body


def test_an_expired_token_opens_no_socket(live: Live) -> None:
    token = httpx.post(f"{live.http}/__reference__/expired-token", json={"member_id": ALICE}).json()["token"]
    with pytest.raises(InvalidStatus), connect(f"{live.ws}/ws/messaging/?token={token}"):
        pass


def test_no_socket_anywhere_else(live: Live) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(live.socket("alice").replace("messaging", "elsewhere")),
    ):
        pass
    assert refused.value.response.status_code == 404


@pytest.mark.parametrize("frame", ["x" * 65_537, b"x" * 65_537, "é" * 32_769])
def test_a_frame_that_is_too_big_ends_its_socket_and_no_other(
    live: Live, http: httpx.Client, frame: str | bytes
) -> None:
    with ears(live, "bob") as bob, ears(live, "bob") as other:
        bob.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            bob.recv(timeout=PATIENCE_SECONDS)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        post(http, live, "alice", "/start-conversation/", receiver_id=BOB, message="still here")
        assert hear(other)["message"]["content"] == "still here"


def test_a_frame_may_be_as_big_as_the_limit(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB)
    frame = json.dumps({"message": "", "conversation_id": 1})
    text = "x" * (65_536 - len(frame))
    with ears(live, "alice") as alice, ears(live, "bob") as bob:
        alice.send(json.dumps({"message": text, "conversation_id": 1}))
        assert hear(bob)["message"]["content"] == text


def test_fragments_are_one_frame(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB)
    with ears(live, "alice") as alice, ears(live, "bob") as bob:
        alice.send(['{"message": "in pie', 'ces", ', '"conversation_id": 1}'])
        assert hear(bob)["message"]["content"] == "in pieces"


def test_two_who_start_at_once_have_one_conversation(live: Live) -> None:
    def start(n: int) -> tuple[int, int]:
        who, peer = ("alice", BOB) if n % 2 else ("bob", ALICE)
        answer = httpx.post(
            f"{live.http}/api/messaging/start-conversation/",
            json={"receiver_id": peer, "message": str(n)},
            headers=live.headers(who),
            timeout=PATIENCE_SECONDS,
        )
        return answer.status_code, answer.json()["conversation"]["id"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(start, range(16)))
    assert sorted(answers) == [*[(200, 1)] * 15, (201, 1)]
    page = httpx.get(f"{live.http}/api/messaging/conversations/1/", headers=live.headers("alice")).json()
    assert sorted(message["content"] for message in page["messages"]) == sorted(map(str, range(16)))


def test_many_senders_are_heard_in_the_order_of_the_list(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB)
    with ears(live, "bob") as bob, ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda n: post(http, live, "alice", "/conversations/1/messages/", content=str(n)), range(20)
            )
        )
        heard = [hear(bob)["message"]["id"] for _ in range(20)]
    page = http.get("/conversations/1/", headers=live.headers("bob")).json()
    assert heard == [message["id"] for message in page["messages"]][::-1]


def raw_socket(live: Live, who: str) -> socket.socket:
    """A socket whose handshake is done, for what no client library would do."""
    host, _, port = live.http.removeprefix("http://").partition(":")
    raw = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
    path = live.socket(who).removeprefix(live.ws)
    raw.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += raw.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101")
    return raw


def close_code(raw: socket.socket) -> int:
    """The code of the close frame that ends everything the server sends."""
    heard = b""
    while heard[-4:-2] != b"\x88\x02":  # a close frame of two bytes; what is sent in these tests is ASCII
        chunk = raw.recv(1 << 20)
        assert chunk, "the server left without a close frame"
        heard = heard[-4:] + chunk
    return int.from_bytes(heard[-2:], "big")


def test_who_does_not_read_is_closed_with_1013_and_holds_up_nobody(live: Live, http: httpx.Client) -> None:
    post(http, live, "alice", "/start-conversation/", receiver_id=BOB)
    text = "x" * 1_000_000
    # Twice what the kernel holds for a loopback connection, and then what the server does.
    count = 2 * 10 + FURTHEST_BEHIND // len(text)
    with raw_socket(live, "bob") as stuck, ears(live, "alice") as alice:
        for _ in range(count):
            post(http, live, "alice", "/conversations/1/messages/", content=text)
        post(http, live, "bob", "/messages/1/react/", reaction_type="still here")
        assert hear(alice)["reaction"]["reaction_type"] == "still here"
        assert close_code(stuck) == 1013


def test_bytes_that_are_no_text_end_the_socket_with_1007(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    with raw_socket(live, "bob") as raw:
        raw.sendall(b"\x81\x82\x00\x00\x00\x00\xff\xfe")
        assert close_code(raw) == 1007
    assert caplog.records == []


def test_a_listening_socket_sends_without_delay() -> None:
    # asyncio sets TCP_NODELAY only on what says that it is TCP.
    with serving.listen("127.0.0.1", 0) as door:
        assert door.proto == socket.IPPROTO_TCP
