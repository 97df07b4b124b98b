"""Tiny servers on loopback that behave as badly as a test wants."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from earwitness.faults.proxy import accept_no_more

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Talk = Callable[[ServerConnection], Awaitable[None]]
Refuse = Callable[[ServerConnection, Request], Response | None]


@dataclass(slots=True)
class Tcp:
    """A server of plain TCP: where it listens, and what it was sent."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """One request: its head, and as much body as it says it has; b"" at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ),
        0,
    )
    return head + (await reader.readexactly(length) if length else b"")


@asynccontextmanager
async def tcp(handler: Handler) -> AsyncIterator[Tcp]:
    """A server that gives every connection to ``handler``."""
    tasks: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    found = Tcp(server.sockets[0].getsockname()[1])
    try:
        yield found
    finally:
        await accept_no_more(server)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[Tcp]:
    """A server that answers with ``answers`` in turn, the last one again and again."""
    left = list(answers)
    server = Tcp()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_request(reader):
            server.requests.append(request)
            writer.write(left.pop(0) if len(left) > 1 else left[0])
            await writer.drain()

    async with tcp(handler) as started:
        server.port = started.port
        yield server


def http(status: str, body: bytes = b"", *lines: str) -> bytes:
    """A whole HTTP answer."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines))
    return head.encode("latin-1") + b"\r\n" + body


OK = http("200 OK", b'{"id": 1}', "Content-Type: application/json")


@asynccontextmanager
async def talking(talk: Talk, refuse: Refuse | None = None) -> AsyncIterator[Tcp]:
    """A WebSocket server that gives every connection to ``talk``, unless ``refuse`` answers its handshake."""
    async with serve(talk, "127.0.0.1", 0, process_request=refuse, close_timeout=0.2) as server:
        try:
            yield Tcp(next(iter(server.sockets)).getsockname()[1])
        finally:
            await accept_no_more(server.server)


async def until_closed(connection: ServerConnection) -> None:
    """Stay until the client goes."""
    await connection.wait_closed()


async def listen_only(connection: ServerConnection) -> None:
    """Take whatever the client says, and say nothing."""
    async for _ in connection:
        pass


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
