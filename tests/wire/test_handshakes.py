"""Sockets are opened or refused, whatever a server answers to the handshake."""

from __future__ import annotations

import asyncio
import http as http_words
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from earwitness.errors import CouldNotTest, RefusedByPolicy
from earwitness.history import FrameHeard, FrameSaid, SocketClosed, SocketOpened, SocketOpening, SocketRefused
from earwitness.wire import Limits
from tests.wire.helpers import INBOX, LIMITS, OUT_OF_PATIENCE, every, kinds, only, run, wire_to
from tests.wire.servers import answering, http, listen_only, read_request, talking, tcp, until_closed


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
