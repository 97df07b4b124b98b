"""The loop in a thread of its own, and waiting without polling."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from time import monotonic

import pytest

from earwitness.errors import CouldNotTest
from earwitness.history import FrameHeard, Journal
from earwitness.wire import Bell, LoopThread, Wire
from tests.wire.helpers import INBOX, LIMITS, every
from tests.wire.servers import Tcp, talking


def test_a_call_returns_and_raises_what_the_coroutine_does() -> None:
    async def double(n: int) -> int:
        return 2 * n

    async def fail() -> None:
        raise ZeroDivisionError

    async def time_out() -> None:
        raise TimeoutError("of its own")

    with LoopThread() as loop:
        assert loop.call(double(4)) == 8
        with pytest.raises(ZeroDivisionError):
            loop.call(fail())
        with pytest.raises(TimeoutError, match="of its own"):
            loop.call(time_out())


def test_a_call_that_takes_too_long_is_cancelled() -> None:
    cancelled = threading.Event()

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with LoopThread() as loop:
        with pytest.raises(CouldNotTest, match=r"took longer than 0\.05 s"):
            loop.call(for_ever(), timeout=0.05)
        assert cancelled.wait(5)


def test_closing_cancels_what_runs_and_ends_the_thread() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def for_ever() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    def call() -> None:
        with pytest.raises(CancelledError):
            loop.call(for_ever())

    loop = LoopThread(name="under-test")
    caller = threading.Thread(target=call)
    caller.start()
    assert begun.wait(5)
    loop.close()
    loop.close()
    caller.join(5)

    assert cancelled.is_set()
    assert not caller.is_alive()
    assert "under-test" not in {thread.name for thread in threading.enumerate()}


def test_a_closed_loop_takes_no_calls() -> None:
    async def nothing() -> None:
        pass

    loop = LoopThread()
    loop.close()
    with pytest.raises(CouldNotTest, match="the wire is closed"):
        loop.call(nothing())


def test_a_wait_ends_with_the_entry_it_waits_for() -> None:
    async def serve_until(over: asyncio.Event, where: Tcp, started: threading.Event) -> None:
        async def talk(connection: object) -> None:
            async for message in connection:  # type: ignore[attr-defined]  # a connection of the library's server
                await connection.send(message)  # type: ignore[attr-defined]  # the same

        async with talking(talk) as server:
            where.port = server.port
            started.set()
            await over.wait()

    over, where, started = asyncio.Event(), Tcp(), threading.Event()
    with LoopThread() as servers, LoopThread() as loop:
        serving = threading.Thread(target=lambda: servers.call(serve_until(over, where, started)))
        serving.start()
        assert started.wait(5)
        journal = Journal()
        wire = Wire(journal, where.http, where.ws, allow=lambda url: True, limits=LIMITS, bell=loop.bell)
        ear = loop.call(wire.open(INBOX))
        loop.call(ear.say("echo"))

        begun = monotonic()
        assert loop.wait(lambda: len(every(journal, FrameHeard)) == 1, 5)
        assert monotonic() - begun < 4
        assert not loop.wait(lambda: len(every(journal, FrameHeard)) == 2, 0.05)
        loop.call(wire.close())

        async def stop() -> None:
            over.set()

        servers.call(stop())
        serving.join(5)
        assert not serving.is_alive()


def test_a_predicate_that_holds_needs_no_time() -> None:
    assert Bell().wait(lambda: True, 0)
    assert not Bell().wait(lambda: False, 0)


def test_a_ring_while_the_predicate_is_looked_at_is_not_missed() -> None:
    bell = Bell()
    looks: list[int] = []

    def predicate() -> bool:
        looks.append(len(looks))
        if len(looks) == 1:
            bell.ring()
        return len(looks) == 2

    assert bell.wait(predicate, 5)
    assert looks == [0, 1]


def test_rings_without_end_do_not_make_a_wait_endless() -> None:
    bell = Bell()

    def predicate() -> bool:
        bell.ring()
        return False

    begun = monotonic()
    assert not bell.wait(predicate, 0.05)
    assert monotonic() - begun < 5
