"""The proxy: everything passes unharmed but what is planned, both sides feel backpressure, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from earwitness.faults import LOST_ANSWER, Bounds, Cut, CutNow, Delay, Fault, Proxy, Slice, Stall, Strike
from tests.faults.messages import ANSWER, POST
from tests.wire.helpers import run
from tests.wire.servers import Tcp, read_request, tcp

BODY = b"12345"
REQUEST = POST + BODY
ALOT = 20_000_000
# How long to look whether something happens that must not.
A_WHILE = 0.5

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Way:
    """A server, a proxy in front of it, and what the two have noticed. ``ends`` holds how each of the server's connections ended."""

    def __init__(self, server: Tcp) -> None:
        self.server = server
        self.strikes: list[Strike] = []
        self.ends: list[str] = []
        self.proxy: Proxy
        self._writers: list[asyncio.StreamWriter] = []

    async def connect(self) -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.proxy.port)
        self._writers.append(writer)
        return reader, writer

    async def close(self) -> None:
        """End the proxy and every connection."""
        for writer in self._writers:
            writer.transport.abort()
        await self.proxy.stop()

    async def ask(self, streams: Streams, request: bytes = REQUEST) -> bytes:
        """What comes back for ``request``: a whole answer, or what there is of one before the end."""
        reader, writer = streams
        writer.write(request)
        return await one_answer(reader)

    async def noticed(self) -> str:
        """How the server's connection ended."""
        await until(lambda: bool(self.ends))
        return self.ends.pop()


async def until(predicate: Callable[[], bool]) -> None:
    """Wait until something is so that no other end of a connection shows."""
    for _ in range(2_000):
        if predicate():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come to that")


async def one_answer(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readexactly(len(ANSWER))
    except asyncio.IncompleteReadError as error:
        return error.partial


@asynccontextmanager
async def way(bounds: Bounds | None = None) -> AsyncIterator[Way]:
    """A way to a server that answers every request with ANSWER."""
    found: Way

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await read_request(reader):
                found.server.requests.append(request)
                writer.write(ANSWER)
                await writer.drain()
            found.ends.append("end")
        except asyncio.IncompleteReadError:
            found.ends.append("end in a request")
        except ConnectionError:
            found.ends.append("reset")

    async with tcp(handler) as server:
        found = Way(server)
        found.proxy = await Proxy.start("127.0.0.1", server.port, struck=found.strikes.append, bounds=bounds)
        try:
            yield found
        finally:
            await found.close()


def test_what_is_not_planned_passes_unharmed() -> None:
    async def story() -> None:
        async with way() as to:
            streams = await to.connect()
            for _ in range(3):
                assert await to.ask(streams) == ANSWER
            assert to.server.requests == [REQUEST] * 3
            streams[1].close()
            assert await to.noticed() == "end"
            assert to.strikes == []

    run(story)


def test_a_plan_is_for_one_exchange_also_on_a_connection_that_has_several() -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(LOST_ANSWER, nth=3)
            to.proxy.plan(Slice(), nth=2)
            streams = await to.connect()
            port = streams[1].get_extra_info("sockname")[1]
            assert [await to.ask(streams) for _ in range(3)] == [ANSWER, ANSWER, b""]
            assert to.strikes == [Strike(port, Slice(), 2), Strike(port, LOST_ANSWER, 3)]
            assert await to.ask(await to.connect()) == ANSWER
            assert len(to.server.requests) == 4

    run(story)


@pytest.mark.parametrize("sizes", [(1,), (3, 50, 1)])
def test_slices_change_nothing_of_what_arrives(sizes: tuple[int, ...]) -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(Slice(sizes))
            assert await to.ask(await to.connect()) == ANSWER
            assert to.server.requests == [REQUEST]

    run(story)


def test_a_delay_takes_its_time() -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(Delay(0.1))
            began = asyncio.get_running_loop().time()
            assert await to.ask(await to.connect()) == ANSWER
            assert asyncio.get_running_loop().time() - began >= 0.2

    run(story)


@pytest.mark.parametrize(
    ("fault", "answer", "asked"),
    [
        (LOST_ANSWER, b"", [REQUEST]),
        (Cut("answer", 10), ANSWER[:10], [REQUEST]),
        (Cut("answer", None), ANSWER, [REQUEST]),
        (Cut("request", None), b"", [REQUEST]),
        (Cut("request", 2, "body"), b"", []),
    ],
)
def test_a_cut_ends_both_connections_in_good_order(fault: Fault, answer: bytes, asked: list[bytes]) -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(fault)
            reader, writer = await to.connect()
            assert await to.ask((reader, writer)) == answer
            assert await reader.read() == b""
            # A server that still writes its answer learns by RST that nobody is there.
            assert (await to.noticed()).startswith(("end", "reset") if asked else ("end in",))
            assert to.server.requests == asked

    run(story)


def test_a_reset_reaches_both_sides() -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(Cut("request", 2, "body", reset=True))
            with pytest.raises(ConnectionResetError):
                await to.ask(await to.connect())
            assert await to.noticed() == "reset"

    run(story)


def test_what_is_held_goes_on_when_it_is_told_to() -> None:
    async def story() -> None:
        async with way() as to:
            to.proxy.plan(Stall("request", 2, "body"))
            asking = asyncio.create_task(to.ask(await to.connect()))
            await until(lambda: to.proxy.stalled == 1)
            assert await to.ask(await to.connect()) == ANSWER  # another connection is not held
            assert not asking.done()
            to.proxy.go_on()
            assert await asking == ANSWER
            assert to.proxy.stalled == 0

    run(story)


def test_only_what_is_held_is_dropped() -> None:
    async def story() -> None:
        async with way() as to:
            free = await to.connect()
            assert await to.ask(free) == ANSWER
            to.proxy.plan(Stall("request", 0))
            held = asyncio.create_task(to.ask(await to.connect()))
            await until(lambda: to.proxy.stalled == 1)
            to.proxy.drop()
            with pytest.raises(ConnectionResetError):
                await held
            assert await to.ask(free) == ANSWER

    run(story)


@pytest.mark.parametrize("reset", [False, True])
def test_everything_can_be_cut_at_once(reset: bool) -> None:
    async def story() -> None:
        async with way() as to:
            streams = await to.connect()
            assert await to.ask(streams) == ANSWER
            to.proxy.cut(reset=reset)
            try:
                assert await streams[0].read() == b"" and not reset
            except ConnectionResetError:
                assert reset
            assert [strike.fault for strike in to.strikes] == [CutNow(reset)]

    run(story)


@pytest.mark.parametrize("window", [0, 2048])
def test_who_does_not_read_stops_who_writes(window: int) -> None:
    async def story() -> None:
        written = asyncio.Event()

        async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for _part in range(ALOT // 100_000):
                writer.write(b"x" * 100_000)
                await writer.drain()
            written.set()

        async with tcp(pour) as server:
            proxy = await Proxy.start("127.0.0.1", server.port, bounds=Bounds(window=window))
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, limit=1024)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(written.wait(), A_WHILE)
            if not window:  # through a narrow one it would take too long
                heard = 0
                while heard < ALOT:
                    heard += len(await reader.read(1_000_000))
                await asyncio.wait_for(written.wait(), 5)
            writer.close()
            await proxy.stop()

    run(story)


def test_a_server_that_does_not_read_stops_the_client() -> None:
    async def story() -> None:
        async def sleep(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        async with tcp(sleep) as server:
            proxy = await Proxy.start("127.0.0.1", server.port)
            _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(POST.replace(b"5", b"%d" % ALOT))

            async def pour() -> None:
                for _ in range(ALOT // 100_000):
                    writer.write(b"x" * 100_000)
                    await writer.drain()

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(pour(), A_WHILE)
            writer.transport.abort()
            await proxy.stop()

    run(story)


def test_more_connections_than_allowed_are_turned_away() -> None:
    async def story() -> None:
        async with way(Bounds(connections=1)) as to:
            first = await to.connect()
            assert await to.ask(first) == ANSWER
            reader, _ = await to.connect()
            assert await reader.read() == b""
            first[1].close()
            await until(lambda: to.proxy.connections == 0)
            assert await to.ask(await to.connect()) == ANSWER

    run(story)


def test_a_connection_has_its_time_and_no_more() -> None:
    async def story() -> None:
        async with way(Bounds(seconds=0.1)) as to:
            to.proxy.plan(Stall())
            assert await to.ask(await to.connect()) == b""
            await until(lambda: to.proxy.connections == 0)

    run(story)


def test_a_server_that_is_not_there_is_told_of() -> None:
    async def story() -> None:
        async with way() as to:
            port = to.proxy.port
            gone = await Proxy.start("127.0.0.1", port)
            await to.proxy.stop()
            reader, _ = await asyncio.open_connection("127.0.0.1", gone.port)
            assert await reader.read() == b""
            assert str(port) in gone.unreachable
            await gone.stop()

    run(story)


def test_no_task_is_left_behind() -> None:
    async def story() -> None:
        before = asyncio.all_tasks()
        async with way() as to:
            plans: list[Fault | None] = [
                Stall(),
                Stall("answer", 3),
                Delay(60),
                Slice((1,), pause_s=60),
                None,
            ]
            for nth, fault in enumerate(plans, 1):
                if fault is not None:
                    to.proxy.plan(fault)
                _, writer = await to.connect()
                writer.write(REQUEST)
                await until(lambda nth=nth: len(to.strikes) == min(nth, 4) and to.proxy.connections == nth)  # type: ignore[misc]  # mypy cannot infer a lambda's default
            silent = await to.connect()  # says nothing at all
            await to.proxy.stop()
            assert to.proxy.connections == 0
            silent[1].close()
        assert asyncio.all_tasks() == before

    run(story)


@pytest.mark.parametrize("turns", range(8))
def test_a_connection_that_comes_as_it_stops_is_closed(turns: int) -> None:
    """However far asyncio is with it: what nobody closed would be told when it is collected."""

    async def story() -> None:
        proxy = await Proxy.start("127.0.0.1", 1)
        with socket.create_connection(("127.0.0.1", proxy.port)) as client:
            for _ in range(turns):
                await asyncio.sleep(0)
            await proxy.stop()
            client.settimeout(5)
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        run(story)
        gc.collect()
    assert [str(each.message) for each in told] == []


def test_exchanges_are_counted_from_one() -> None:
    async def story() -> None:
        async with way() as to:
            with pytest.raises(ValueError, match="counted from 1"):
                to.proxy.plan(Stall(), nth=0)

    run(story)
