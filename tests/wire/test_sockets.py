"""Sockets: opened, refused, heard, spoken to, closed by us, by the server, by nobody."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http as http_words
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from earwitness.errors import CouldNotTest, RefusedByPolicy, UsageError
from earwitness.history import (
    FrameHeard,
    FrameSaid,
    SocketClosed,
    SocketOpened,
    SocketOpening,
    SocketRefused,
)
from earwitness.wire import Limits
from tests.wire.helpers import INBOX, LIMITS, SHORT, every, kinds, only, run, wire_to
from tests.wire.servers import answering, http, read_request, talking, tcp, until_closed

OUT_OF_PATIENCE = 5.0


def test_a_socket_from_beginning_to_end() -> None:
    async def greet(connection: ServerConnection) -> None:
        await connection.send('{"type": "hello"}')
        await connection.send("not json")
        await connection.wait_closed()

    async def story() -> None:
        async with talking(greet) as server, wire_to(server) as (wire, journal):
            address = replace(INBOX, room="9", headers={"X-Device": "phone"})
            ear = await wire.open(address, member="alice", peer="bob")
            assert (ear.id, ear.status, ear.opened, ear.is_open, ear.closed) == ("s1", 101, True, True, None)
            assert await wire.wait_until(lambda: len(every(journal, FrameHeard)) == 2, OUT_OF_PATIENCE)
            await ear.close()
            await ear.close()

            assert kinds(journal) == [
                "socket-opening",
                "socket-opened",
                "frame-heard",
                "frame-heard",
                "socket-closed",
            ]
            opening = only(journal, SocketOpening)
            assert (opening.socket, opening.member, opening.role, opening.name) == (
                "s1",
                "alice",
                "member",
                "inbox",
            )
            assert (opening.channel, opening.url) == ("messaging", f"{server.ws}/ws/?token=t")
            assert (opening.room, opening.peer, opening.headers) == ("9", "bob", {"X-Device": "phone"})
            assert only(journal, SocketOpened).socket == "s1"
            first, second = (frame.payload for frame in every(journal, FrameHeard))
            assert (first.form, first.value) == ("json", {"type": "hello"})
            assert (second.form, second.value) == ("text", "not json")
            closed = only(journal, SocketClosed)
            assert (closed.by, closed.code, closed.reason) == ("us", 1000, "")
            assert (ear.is_open, ear.closed) == (False, closed)

    run(story)


def test_headers_travel_with_the_handshake_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[Request] = []

    def look(_: ServerConnection, request: Request) -> Response | None:
        heads.append(request)
        return None

    async def story() -> None:
        async with answering(http("502 Bad Gateway")) as proxy, talking(until_closed, look) as server:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "WS_PROXY", "ws_proxy"):
                monkeypatch.setenv(name, proxy.http)
            async with wire_to(server) as (wire, _):
                await wire.open(replace(INBOX, headers={"Authorization": "Bearer t"}))
                assert proxy.requests == []

    run(story)
    assert heads[0].path == "/ws/?token=t"
    assert heads[0].headers["Authorization"] == "Bearer t"
    assert "Sec-WebSocket-Extensions" not in heads[0].headers


# -- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_handshake_refused_with_a_status(status: int) -> None:
    def refuse(connection: ServerConnection, _: Request) -> Response:
        return connection.respond(http_words.HTTPStatus(status), "no\n")

    async def story() -> None:
        async with talking(until_closed, refuse) as server, wire_to(server) as (wire, journal):
            ear = await wire.open(replace(INBOX, role="anonymous"))

            assert (ear.status, ear.opened, ear.is_open) == (status, False, False)
            assert kinds(journal) == ["socket-opening", "socket-refused"]
            assert only(journal, SocketOpening).role == "anonymous"
            assert (only(journal, SocketRefused).status, only(journal, SocketRefused).socket) == (
                status,
                "s1",
            )
            assert await ear.say("hello") == ""
            await ear.close()
            await ear.abort()
            assert len(journal) == 2

    run(story)


def test_a_handshake_answered_by_a_page_or_a_redirect() -> None:
    async def story() -> None:
        async with answering(http("200 OK", b"<h1>")) as elsewhere, wire_to(elsewhere) as (wire, _):
            assert (await wire.open(INBOX)).status == 200
            elsewhere.requests.clear()
            async with (
                answering(http("302 Found", b"", f"Location: {elsewhere.ws}/")) as server,
                wire_to(server) as (other, _),
            ):
                assert (await other.open(INBOX)).status == 302
                assert elsewhere.requests == []

    run(story)


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    await reader.read()


async def speak_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()


async def upgrade_to_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
    await writer.drain()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.transport.abort()


@pytest.mark.parametrize(
    "handler", [hang_up, never_answer, speak_something_else, upgrade_to_something_else, reset]
)
def test_a_handshake_that_gets_nowhere(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> None:
    async def story() -> None:
        limits = replace(LIMITS, open_s=0.3) if handler is never_answer else LIMITS
        async with tcp(handler) as server, wire_to(server, limits) as (wire, journal):
            ear = await wire.open(INBOX)

            assert ear.status == 0
            assert kinds(journal) == ["socket-opening", "socket-refused"]
            assert (only(journal, SocketRefused).status, only(journal, SocketRefused).detail) == (
                0,
                ear.detail,
            )
            assert ear.detail

    run(story)


def test_what_is_not_allowed_is_not_contacted() -> None:
    async def story() -> None:
        async with (
            answering(http("200 OK")) as server,
            wire_to(server, allow=lambda url: False) as (wire, journal),
        ):
            with pytest.raises(RefusedByPolicy, match="not on the allow-list") as raised:
                await wire.open(INBOX)
            assert (server.requests, len(journal)) == ([], 0)
            assert "token" not in str(raised.value)

    run(story)


def test_a_header_that_cannot_be_sent_is_our_error() -> None:
    async def story() -> None:
        async with talking(until_closed) as server, wire_to(server) as (wire, journal):
            for value in ("a\r\nX-More: b", "ż"):
                with pytest.raises(CouldNotTest, match="inbox has a header"):
                    await wire.open(replace(INBOX, headers={"X-Name": value}))
            assert len(journal) == 0

    run(story)


# -- heard ------------------------------------------------------------------------------------------------------------


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


async def listen_only(connection: ServerConnection) -> None:
    async for _ in connection:
        pass


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


# -- over -------------------------------------------------------------------------------------------------------------


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


async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The server's side of a handshake, by hand (RFC 6455, section 4.2.2)."""
    head = await read_request(reader)
    (key,) = (
        line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
    )
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
    writer.write(b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    await writer.drain()


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


# -- budgets ----------------------------------------------------------------------------------------------------------


def test_the_budget_of_sockets_counts_those_that_are_open() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response | None:
        return None if "good" in request.path else connection.respond(http_words.HTTPStatus.FORBIDDEN, "")

    async def story() -> None:
        good = replace(INBOX, target="/good")
        async with talking(until_closed, refuse) as server, wire_to(server, Limits(sockets=2)) as (wire, _):
            for _ in range(3):
                await wire.open(INBOX)
            first, second = await wire.open(good), await wire.open(good)
            with pytest.raises(CouldNotTest, match="the budget of 2 sockets open at once is spent"):
                await wire.open(good)
            await first.close()
            third = await wire.open(good)
            assert (second.is_open, third.is_open) == (True, True)

    run(story)


def test_the_budget_of_frames() -> None:
    async def story() -> None:
        async with talking(listen_only) as server, wire_to(server, Limits(frames=1)) as (wire, journal):
            ear = await wire.open(INBOX)
            await ear.say("one")
            with pytest.raises(CouldNotTest, match="the budget of 1 messages on sockets is spent"):
                await ear.say("two")
            assert len(every(journal, FrameSaid)) == 1

    run(story)


def test_an_error_of_ours_while_listening_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.send("x")
        await connection.wait_closed()

    async def story() -> None:
        async with talking(talk) as server, wire_to(server) as (wire, journal):
            monkeypatch.setattr("earwitness.wire.ear.kept_frame", lambda data, keep: 1 / 0)
            ear = await wire.open(INBOX)
            assert await wire.wait_until(lambda: ear.closed is not None, OUT_OF_PATIENCE)
            assert only(journal, SocketClosed).reason == "an error of ours"
            with pytest.raises(CouldNotTest, match="an error of ours") as raised:
                await wire.open(INBOX)
            assert isinstance(raised.value.__cause__, ZeroDivisionError)

    run(story)
