"""How a socket ends: closed by us, by the server, by nobody, and always within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.server import ServerConnection

from earwitness.history import FrameHeard, FrameSaid, SocketClosed
from earwitness.wire import Limits
from tests.wire.helpers import INBOX, OUT_OF_PATIENCE, SHORT, every, only, run, wire_to
from tests.wire.servers import shake_hands, talking, tcp, until_closed


@pytest.mark.parametrize("code, reason", [(1000, ""), (1011, "it broke"), (4401, "no token")])
def test_closed_by_the_server(code: int, reason: str) -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.close(code, reason)

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            closed = only(journal, SocketClosed)
            assert (closed.by, closed.code, closed.reason) == ("server", code, reason)
            assert ear.opened
            assert not ear.is_open

    run(story)


def test_a_server_that_dies_in_mid_connection() -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send("last words")
        await connection.recv()
        connection.transport.abort()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) == 1, OUT_OF_PATIENCE)
            await ear.say("die")
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            closed = only(journal, SocketClosed)
            assert (closed.by, closed.code) == ("nobody", 1006)

    run(story)


def test_broken_off_by_us() -> None:
    gone = asyncio.Event()

    async def talk(connection: ServerConnection) -> None:
        await connection.wait_closed()
        gone.set()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            await ear.abort()
            await ear.abort()
            closed = only(journal, SocketClosed)
            assert (closed.by, closed.code, closed.reason) == ("us", 1006, "broken off")
            await gone.wait()

    run(story)


def test_a_frame_that_is_too_large_ends_the_socket() -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send("x" * 1001)
        await connection.wait_closed()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server, Limits(max_frame=1000)) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert every(journal, FrameHeard) == []
            assert (only(journal, SocketClosed).by, only(journal, SocketClosed).code) == ("us", 1009)

    run(story)


def test_a_flood_of_frames_ends_the_socket() -> None:
    async def talk(connection: ServerConnection) -> None:
        while True:
            await connection.send("x")
            await asyncio.sleep(0)  # lets the client have its turn

    async def story() -> None:
        async with talking(talk) as server, wire_to(server, Limits(max_heard=20)) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert len(every(journal, FrameHeard)) == 20
            assert "more than we bear" in only(journal, SocketClosed).reason

    run(story)


async def say_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await shake_hands(reader, writer)
    writer.write(b"\xff" * 14)
    await reader.read()


async def say_broken_text(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await shake_hands(reader, writer)
    writer.write(b"\x81\x02\xff\xfe")
    await reader.read()


@pytest.mark.parametrize("handler, code", [(say_nonsense, 1002), (say_broken_text, 1007)])
def test_frames_that_are_none(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], code: int
) -> None:
    async def story() -> None:
        async with tcp(handler) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert (only(journal, SocketClosed).by, only(journal, SocketClosed).code) == ("us", code)

    run(story)


async def close_and_stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends a close frame, and keeps the connection that it should end (RFC 6455, section 7.1.1)."""
    await shake_hands(reader, writer)
    writer.write(b"\x88\x02" + (1013).to_bytes(2, "big"))
    while await reader.read(1000):
        pass
    await asyncio.Event().wait()


def test_a_server_that_says_goodbye_and_stays_is_left() -> None:
    async def story() -> None:
        async with tcp(close_and_stay) as server, wire_to(server, SHORT) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert (only(journal, SocketClosed).by, only(journal, SocketClosed).code) == ("server", 1013)

    run(story)


async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await shake_hands(reader, writer)
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of a socket reads, too
    await asyncio.Event().wait()


def test_a_server_that_does_not_close_is_not_waited_for() -> None:
    async def story() -> None:
        async with tcp(read_nothing) as server, wire_to(server, SHORT) as (wire, journal):
            ear = await wire.open(INBOX)
            begun = asyncio.get_running_loop().time()
            await ear.close()
            assert asyncio.get_running_loop().time() - begun < OUT_OF_PATIENCE
            assert (only(journal, SocketClosed).by, only(journal, SocketClosed).code) == ("us", 1000)

    run(story)


def test_a_server_that_reads_nothing_is_not_waited_for() -> None:
    async def story() -> None:
        async with tcp(read_nothing) as server, wire_to(server, SHORT) as (wire, journal):
            ear = await wire.open(INBOX)
            exchange = await ear.say("x" * 20_000_000)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert exchange == "x1"
            assert only(journal, FrameSaid).payload.cut == 19_000_000
            assert only(journal, SocketClosed).reason == "the server read nothing for 0.5 s"

    run(story)


def test_closing_the_wire_closes_every_socket() -> None:
    async def story() -> None:
        async with talking(until_closed) as server:
            async with wire_to(server) as (wire, journal):
                ears = [await wire.open(INBOX) for _ in range(3)]
            assert [(closed.by, closed.code) for closed in every(journal, SocketClosed)] == [("us", 1001)] * 3
            assert not any(ear.is_open for ear in ears)

    run(story)


def test_a_ping_comes_back_after_all_that_was_sent_before() -> None:
    async def talk(connection: ServerConnection) -> None:
        for number in range(50):
            await connection.send(str(number))
        await connection.wait_closed()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) > 0, OUT_OF_PATIENCE)
            assert await ear.echoes(OUT_OF_PATIENCE)
            assert len(every(journal, FrameHeard)) == 50
            await ear.close()
            assert not await ear.echoes(OUT_OF_PATIENCE)

    run(story)


def test_a_server_that_answers_no_ping_is_not_waited_for() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        await reader.read()

    async def story() -> None:
        async with tcp(handler) as server, wire_to(server, SHORT) as (wire, _):
            ear = await wire.open(INBOX)
            assert not await ear.echoes(0.02)
            assert ear.is_open

    run(story)
