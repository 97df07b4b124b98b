"""Servers that give no answer, each called by its name."""

from __future__ import annotations

import asyncio
import socket

import pytest

from earwitness.binding import MISSING
from earwitness.errors import CouldNotTest
from earwitness.history import Journal, NoAnswer
from earwitness.member import HttpRequest
from earwitness.wire import Wire
from tests.wire.helpers import LIMITS, LIST, SHORT, every, kinds, only, run, wire_to
from tests.wire.servers import OK, Tcp, answering, read_request, tcp


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    await reader.read()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers byte by byte, each within any limit for one read."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def stop_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.transport.abort()


async def speak_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()
    await read_request(reader)


async def flood_of_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(100_000):
        writer.write(b"X-%d: %s\r\n" % (n, b"y" * 100))
        await writer.drain()


@pytest.mark.parametrize(
    "handler, reason",
    [
        (hang_up, "cut"),
        (reset, "cut"),
        (stop_in_the_middle, "cut"),
        (never_answer, "timeout"),
        (drip, "timeout"),
        (speak_something_else, "malformed"),
        (flood_of_headers, "malformed"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_server_that_gives_no_answer(handler: object, reason: str) -> None:
    async def story() -> None:
        limits = SHORT if reason == "timeout" else LIMITS
        async with tcp(handler) as server, wire_to(server, limits) as (wire, journal):  # type: ignore[arg-type]  # a handler, as the table says
            begun = asyncio.get_running_loop().time()
            answer = await wire.send(LIST)

            assert asyncio.get_running_loop().time() - begun < limits.answer_s + 5
            assert (answer.answered, answer.status, answer.reason) == (False, 0, reason)
            assert answer.json is MISSING
            failure = only(journal, NoAnswer)
            assert kinds(journal) == ["request", "no-answer"]
            assert (failure.exchange, failure.reason, failure.detail) == ("x1", reason, answer.detail)
            assert answer.detail

    run(story)


def closed_port() -> Tcp:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return Tcp(taken.getsockname()[1])


def test_nobody_listens() -> None:
    async def story() -> None:
        async with wire_to(closed_port()) as (wire, journal):
            assert (await wire.send(LIST)).reason == "refused"
            assert only(journal, NoAnswer).detail.startswith("no connection: ")

    run(story)


def test_a_server_without_tls_at_a_tls_address() -> None:
    async def story() -> None:
        async with tcp(speak_something_else) as server:
            journal = Journal()
            address = f"https://127.0.0.1:{server.port}"
            wire = Wire(journal, address, address, allow=lambda url: True, limits=LIMITS)
            assert (await wire.send(LIST)).reason == "refused"
            assert kinds(journal) == ["request", "no-answer"]
            await wire.close()

    run(story)


def test_a_cancelled_request_is_kept_as_unanswered() -> None:
    async def story() -> None:
        async with tcp(never_answer) as server, wire_to(server) as (wire, journal):
            sending = asyncio.create_task(wire.send(LIST))
            await wire.wait_until(lambda: len(journal) == 1, 5)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

            assert only(journal, NoAnswer).reason == "given-up"

    run(story)


def test_what_cannot_be_sent_is_our_error() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server) as (wire, journal):
            with pytest.raises(CouldNotTest, match="cannot be sent"):
                await wire.send(HttpRequest("GET", "/", headers={"X-Name": "ż"}))
            assert kinds(journal) == []
            with pytest.raises(CouldNotTest, match="cannot be sent"):
                await wire.send(HttpRequest("GET", "/", headers={"X-Name": "a\r\nX-More: b"}))
            assert [failure.reason for failure in every(journal, NoAnswer)] == ["refused"]
            assert server.requests == []

    run(story)
