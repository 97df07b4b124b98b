"""Where requests, answers and frames end, however they come."""

from __future__ import annotations

import pytest

from earwitness.faults.framing import Extent, Frames, Head, may_be_request, request_head
from tests.faults.messages import POST, frame

ONE_BYTE, SEVEN, ALL = 1, 7, 10_000


def fed(extent: Extent, data: bytes, size: int) -> int | None:
    """Where in ``data`` the message ends, when it comes in pieces of ``size``."""
    for at in range(0, len(data), size):
        end = extent.feed(data[at : at + size])
        if end is not None:
            return at + end
    return None


def test_a_request_says_who_it_is() -> None:
    assert request_head(POST) == Head("POST", "/a", upgrade=False)
    opening = b"GET /ws?a=1 HTTP/1.1\r\nhost: h\r\nupgrade:  WebSocket\r\nConnection: Upgrade\r\n\r\n"
    assert request_head(opening) == Head("GET", "/ws?a=1", upgrade=True)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x16\x03\x01", b"GET /a\r\n\r\n", b"POST /a SPDY/3\r\n\r\nUpgrade: websocket"]
)
def test_what_is_no_request_has_no_head(data: bytes) -> None:
    assert request_head(data) == Head()


def test_a_body_is_not_waited_for_as_if_it_began_a_request() -> None:
    assert may_be_request(b"GET /a") and may_be_request(b"PO")
    assert not may_be_request(b'{"a": 1}') and not may_be_request(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize("size", [ONE_BYTE, SEVEN, ALL])
@pytest.mark.parametrize(
    ("message", "answers"),
    [
        (b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n", ""),
        (POST + b"12345", ""),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc", "GET"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "GET"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", "POST"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0\r\n\r\n56789\r\n0\r\n\r\n", "GET"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nTrailer: t\r\n\r\n", "GET"),
    ],
)  # fmt: skip
def test_the_last_byte_is_found(message: bytes, answers: str, size: int) -> None:
    assert fed(Extent(answers=answers), message + b"what follows", size) == len(message)


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.1 200 OK\r\n\r\nuntil the connection ends",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all of it",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n",
        b"no head " * 20_000,
    ],
)
def test_what_has_no_end_goes_on(message: bytes) -> None:
    assert fed(Extent(answers="GET"), message, ALL) is None


@pytest.mark.parametrize("size", [ONE_BYTE, SEVEN, ALL, 200_000])
@pytest.mark.parametrize("masked", [False, True])
def test_data_frames_are_counted_and_control_frames_are_not(masked: bool, size: int) -> None:
    stream, ends = b"", []
    for payload, opcode, final in (
        (b"", 1, True),
        (b"ping", 9, True),
        (b"x" * 125, 1, False),
        (b"x" * 126, 0, True),
        (b"", 10, True),
        (b"y" * 70_000, 2, True),
    ):
        stream += frame(payload, opcode=opcode, masked=masked, final=final)
        ends += [len(stream)] if opcode < 8 else []
    frames, found = Frames(), []
    for at in range(0, len(stream), size):
        found += [at + end for end in frames.feed(stream[at : at + size])]
    assert found == ends
