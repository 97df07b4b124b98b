"""A proxy on this machine between a client and one server, that does to what passes what it was told to do."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from earwitness.errors import CouldNotTest
from earwitness.faults.course import Course
from earwitness.faults.framing import Head
from earwitness.faults.passage import CHUNK, Passage
from earwitness.faults.plan import CutNow, Fault

_CONNECT_S: Final = 10.0
# So many turns of its loop lie between a connection that asyncio accepts and our hearing of it.
_TURNS: Final = 3
# What every host has to take (RFC 9293, section 3.7.1).
_SMALL_SEGMENT: Final = 536


async def accept_no_more(server: asyncio.Server) -> None:
    """Close ``server`` once everything that it has accepted is a connection: what it accepts in the turn in which it closes, asyncio
    forgets without closing it."""
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener)
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault has struck: ``port`` is the client's end of the connection, ``exchange`` counts from 1 over the whole proxy."""

    port: int
    fault: Fault
    exchange: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a proxy allows itself: connections at once, the seconds that one may last, and, where ``window`` is not 0, the bytes
    that it takes from the server ahead of the client (the least that the system grants, if that is more)."""

    connections: int = 64
    seconds: float = 60.0
    window: int = 0


class Proxy:
    """Listens on 127.0.0.1, on a ``port`` of its own, and carries everything to one server and back.

    ``plan`` says what happens to the next exchange, or the n-th from now; an exchange without a plan passes as it came. A socket is
    one exchange, from its handshake to its end. ``unreachable`` says why the server could not be reached, if it could not.
    All methods belong on the loop that ``start`` was called on.
    """

    def __init__(self, host: str, port: int, struck: Callable[[Strike], None], bounds: Bounds) -> None:
        """Use ``start``."""
        self._upstream = (host, port)
        self._on_strike = struck
        self._bounds = bounds
        self._plans: deque[Fault | None] = deque()
        self._exchanges = 0
        self._passages: set[Passage] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.unreachable = ""

    @classmethod
    async def start(
        cls,
        host: str,
        port: int,
        *,
        struck: Callable[[Strike], None] = lambda _: None,
        bounds: Bounds | None = None,
    ) -> Proxy:
        """A proxy that listens, to the server at ``host`` and ``port``; ``struck`` is told of every fault as it strikes.

        Raises CouldNotTest when this machine lets nobody listen.
        """
        proxy = cls(host, port, struck, bounds or Bounds())
        try:
            proxy._server = await asyncio.start_server(proxy._accept, "127.0.0.1", 0, limit=CHUNK)
        except OSError as error:
            raise CouldNotTest(f"no proxy can listen on 127.0.0.1: {error.strerror}") from error
        return proxy

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None, "use start"
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connections(self) -> int:
        """How many connections pass through at this moment."""
        return len(self._tasks)

    @property
    def stalled(self) -> int:
        """How many connections are held by a fault at this moment."""
        return sum(passage.is_stalled for passage in self._passages)

    def plan(self, fault: Fault, nth: int = 1) -> None:
        """Let ``fault`` happen to the n-th exchange from now; a later plan for the same one takes its place."""
        if nth < 1:
            raise ValueError(f"exchanges are counted from 1, not from {nth}")
        self._plans.extend([None] * (nth - len(self._plans)))
        self._plans[nth - 1] = fault

    def go_on(self) -> None:
        """Let everything pass that was stalled."""
        for passage in self._passages:
            passage.go_on()

    def cut(self, *, reset: bool = False) -> None:
        """End every connection now: with RST where ``reset`` is true, else with FIN."""
        for passage in tuple(self._passages):
            self._on_strike(Strike(passage.port, CutNow(reset), passage.exchange))
            if reset:
                passage.reset()
        self._end_all()

    def drop(self) -> None:
        """End the connections that a fault holds; the others go on."""
        for passage in tuple(self._passages):
            if passage.is_stalled:
                passage.reset()
                passage.go_on()

    async def stop(self) -> None:
        """Listen no more and end every connection; nothing is left behind."""
        assert self._server is not None, "use start"
        await accept_no_more(self._server)
        while self._tasks:
            self._end_all()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed in the next turn of the loop
        await self._server.wait_closed()

    def _end_all(self) -> None:
        for task in self._tasks:
            task.cancel()

    # -- connections --------------------------------------------------------------------------------------------------

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= self._bounds.connections:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._carry(reader, writer), name="fault proxy")
        self._tasks.add(task)

        def ended(_: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            # A task that was cancelled before its first step has closed nothing.
            writer.transport.abort()

        task.add_done_callback(ended)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_CONNECT_S):
                upstream = await self._connect()
        except (OSError, TimeoutError) as error:
            self.unreachable = str(error) or f"no connection within {_CONNECT_S:g} s"
            return
        passage = Passage((reader, writer), upstream, self._begin, self._strike)
        self._passages.add(passage)
        try:
            async with asyncio.timeout(self._bounds.seconds):
                await passage.run()
        except TimeoutError:
            pass  # it has had its time
        finally:
            self._passages.discard(passage)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._upstream
        if not self._bounds.window:
            return await asyncio.open_connection(host, port, limit=CHUNK)
        # The size has to be known before the connection is there: it is told to the server with the first packet.
        sock = socket.socket()
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._bounds.window)
            # In the large segments of loopback, the server's system would take megabytes before the server had to wait.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SMALL_SEGMENT)
            await asyncio.get_running_loop().sock_connect(sock, (host, port))
            return await asyncio.open_connection(sock=sock, limit=self._bounds.window)
        except BaseException:
            sock.close()
            raise

    def _begin(self, head: Head) -> Course:
        self._exchanges += 1
        return Course(self._plans.popleft() if self._plans else None, head, self._exchanges)

    def _strike(self, passage: Passage, course: Course) -> None:
        assert course.fault is not None, "only a fault strikes"
        self._on_strike(Strike(passage.port, course.fault, course.number))
