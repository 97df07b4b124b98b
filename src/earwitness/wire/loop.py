"""Runs an asyncio loop in a thread of its own, for callers that are not asynchronous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from earwitness.errors import CouldNotTest
from earwitness.wire.bell import Bell

T = TypeVar("T")


class LoopThread:
    """An asyncio loop in a daemon thread; a context manager. ``bell`` is for the wires that live on the loop."""

    def __init__(self, name: str = "earwitness-wire") -> None:
        self.bell = Bell()
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        self._started.wait()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._until_closed())

    async def _until_closed(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._started.set()
        await self._over.wait()

    def call(self, coroutine: Coroutine[Any, Any, T], timeout: float = 60.0) -> T:
        """Run ``coroutine`` on the loop and return what it returns, or raise what it raises.

        Raises CouldNotTest when it takes longer than ``timeout`` seconds (it is cancelled) or the loop is closed.
        """
        if self._loop is None or not self._thread.is_alive():
            coroutine.close()
            raise CouldNotTest("the wire is closed; nothing can be sent any more")
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(timeout)
        except TimeoutError:
            if future.done():
                raise
            future.cancel()
            raise CouldNotTest(f"something took longer than {timeout:g} s and was given up") from None
        except BaseException:
            # An interrupt of the caller ends what it waited for, too.
            future.cancel()
            raise

    def wait(self, predicate: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``predicate`` holds, for ``seconds`` at most; looked at again after every entry of a wire."""
        return self.bell.wait(predicate, seconds)

    def close(self) -> None:
        """End the loop; whatever still runs on it is cancelled."""
        if self._thread.is_alive() and self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(timeout=10.0)

    def __enter__(self) -> LoopThread:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
