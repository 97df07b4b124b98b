"""Frames: what is heard, what is said, and what is kept of both."""

from __future__ import annotations

import base64

import pytest
from websockets.asyncio.server import ServerConnection

from earwitness.errors import UsageError
from earwitness.history import FrameHeard, FrameSaid, SocketClosed
from tests.wire.helpers import INBOX, OUT_OF_PATIENCE, every, kinds, only, run, wire_to
from tests.wire.servers import listen_only, talking


def test_a_binary_frame_is_kept_as_bytes() -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send(b'{"type": "hello"}')
        await connection.send(b"\xff\x00")
        await connection.wait_closed()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            await wire.open(INBOX)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) == 2, OUT_OF_PATIENCE)
            payloads = [frame.payload for frame in every(journal, FrameHeard)]
            assert [payload.form for payload in payloads] == ["base64", "base64"]
            assert [base64.b64decode(str(payload.value)) for payload in payloads] == [
                b'{"type": "hello"}',
                b"\xff\x00",
            ]

    run(story)


def test_fragments_are_one_frame() -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send(['{"text": "za', "żó", 'łć"}'])
        await connection.wait_closed()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            await wire.open(INBOX)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) == 1, OUT_OF_PATIENCE)
            assert only(journal, FrameHeard).payload.value == {"text": "zażółć"}

    run(story)


def test_what_comes_right_after_the_handshake_is_heard_after_the_opening() -> None:
    async def talk(connection: ServerConnection) -> None:
        for n in range(50):
            await connection.send(str(n))

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert kinds(journal) == [
                "socket-opening",
                "socket-opened",
                *["frame-heard"] * 50,
                "socket-closed",
            ]
            assert [frame.payload.value for frame in every(journal, FrameHeard)] == list(range(50))

    run(story)


# -- said -------------------------------------------------------------------------------------------------------------


def test_what_is_said_is_kept_before_it_leaves_and_heard_by_the_server() -> None:
    heard: list[str | bytes] = []

    async def listen(connection: ServerConnection) -> None:
        async for message in connection:
            heard.append(message)
            await connection.send("ok")

    async def story() -> None:
        async with talking(listen) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX, member="alice")
            exchange = await ear.say(
                '{"text": "hi"}', verb="send-text", frame="clientMessage", source="test", due=7
            )
            await ear.say(b"\x00\xff")
            await ear.say(("frag", "ment", "ed"))
            await ear.say(b'"text"', text=True)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) == 4, OUT_OF_PATIENCE)

            said = every(journal, FrameSaid)
            assert exchange == "x1"
            assert kinds(journal)[2] == "frame-said"
            assert (said[0].exchange, said[0].socket, said[0].verb, said[0].frame) == (
                "x1",
                "s1",
                "send-text",
                "clientMessage",
            )
            assert (said[0].source, said[0].due, said[0].payload.value) == ("test", 7, {"text": "hi"})
            assert [one.exchange for one in said] == ["x1", "x2", "x3", "x4"]
            assert [one.payload.form for one in said] == ["json", "base64", "text", "json"]
            assert heard == ['{"text": "hi"}', b"\x00\xff", "fragmented", '"text"']

    run(story)


def test_bytes_that_are_no_utf8_in_a_text_frame_make_the_server_close() -> None:
    async def story() -> None:
        async with talking(listen_only) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            await ear.say(b"\xff\xfe", text=True)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)

            assert only(journal, FrameSaid).payload.form == "base64"
            closed = only(journal, SocketClosed)
            assert (closed.by, closed.code) == ("server", 1007)

    run(story)


def test_text_that_utf8_cannot_say_is_our_error() -> None:
    async def story() -> None:
        async with talking(listen_only) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            with pytest.raises(UsageError, match="cannot be said in UTF-8"):
                await ear.say("\ud800")
            assert every(journal, FrameSaid) == []
            assert ear.is_open

    run(story)


def test_nothing_is_said_on_a_closed_socket() -> None:
    async def story() -> None:
        async with talking(listen_only) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(INBOX)
            await ear.close(1001, "bye")
            assert await ear.say("hello") == ""
            assert every(journal, FrameSaid) == []
            assert (only(journal, SocketClosed).code, only(journal, SocketClosed).reason) == (1001, "bye")

    run(story)
