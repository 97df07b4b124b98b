"""One connection on its way through the proxy: two directions, each with its own backpressure, and a fault where one is planned."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from earwitness.faults.course import Break, Course, Forward, Hold, Step, Wait
from earwitness.faults.framing import LONGEST_HEAD, Head, end_of_head, may_be_request, request_head, status_of
from earwitness.faults.plan import Side

# What is read at once. A reader holds twice as much at the most; then the sender has to wait.
CHUNK: Final = 16 * 1024

Next = Callable[[Head], Course]
Struck = Callable[["Passage", Course], None]


class _Ended(Exception):
    """A fault has ended the connection."""


class Passage:
    """A client's connection and ours to the server. ``port`` is the client's, by which the client knows it as well."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        begins: Next,
        struck: Struck,
    ) -> None:
        """``begins`` gives the course of an exchange that begins; ``struck`` is told, once for each, that its fault strikes."""
        self._client, self._server = client, server
        self._begins, self._struck = begins, struck
        self.port: int = client[1].get_extra_info("peername")[1]
        self._course = Course(None, Head())
        # The last one of which was told that its fault strikes.
        self._told: Course | None = None
        # Whether the client's next bytes begin an exchange: the server has had its turn since the last ones.
        self._clients_turn = True
        self._going = asyncio.Event()
        self._going.set()

    @property
    def exchange(self) -> int:
        """The number of the exchange that passes, or passed last; 0 before the first."""
        return self._course.number

    @property
    def is_stalled(self) -> bool:
        """Whether nothing is forwarded until ``go_on``."""
        return not self._going.is_set()

    def go_on(self) -> None:
        """Forward again what was held."""
        self._going.set()

    async def run(self) -> None:
        """Carry until both sides have ended, or a fault, an error or a cancellation ends both."""
        pumps = [
            asyncio.create_task(self._pump("request", self._client[0], self._server[1])),
            asyncio.create_task(self._pump("answer", self._server[0], self._client[1])),
        ]
        try:
            await asyncio.gather(*pumps)
        except (_Ended, OSError):
            pass  # told already, or one side is gone: then so is the other
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            for _, writer in (self._client, self._server):
                writer.close()
            for _, writer in (self._client, self._server):
                await _closed(writer)

    async def _pump(self, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if side == "answer":
                # What comes before an answer proper asks for the rest of the request.
                self._clients_turn = self._clients_turn or status_of(data) // 100 != 1
            elif self._clients_turn and not self._course.is_socket:
                data = await self._begin(data, reader)
            course = self._course
            for step in course.steps(side, data):
                self._tell(course)
                await self._take(step, writer)
        await self._going.wait()
        if writer.can_write_eof():
            writer.write_eof()

    async def _begin(self, data: bytes, reader: asyncio.StreamReader) -> bytes:
        """Take what begins an exchange, up to the end of its head, and find its course."""
        if not may_be_request(data):
            return data
        while not end_of_head(data) and len(data) < LONGEST_HEAD and (more := await reader.read(CHUNK)):
            data += more
        head = request_head(data)
        if head.method:
            self._course, self._clients_turn = self._begins(head), False
        return data

    def _tell(self, course: Course) -> None:
        if course.struck and course is not self._told:
            self._told = course
            self._struck(self, course)

    async def _take(self, step: Step, writer: asyncio.StreamWriter) -> None:
        match step:
            case Forward(data):
                await self._going.wait()
                writer.write(data)
                await writer.drain()
            case Wait(seconds):
                await asyncio.sleep(seconds)
            case Hold():
                self._going.clear()
                await self._going.wait()
            case Break(reset):
                if reset:
                    self.reset()
                raise _Ended

    def reset(self) -> None:
        """End both connections with RST, at once."""
        for _, writer in (self._client, self._server):
            sock = writer.get_extra_info("socket")
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


async def _closed(writer: asyncio.StreamWriter) -> None:
    """Wait until what was written has left, for a moment: who reads nothing must not keep us."""
    try:
        async with asyncio.timeout(0.5):
            await writer.wait_closed()
    except (TimeoutError, OSError):
        writer.transport.abort()
