"""The benchmark's client on asyncio: a connection of `websockets` and a task for each socket, JSON read, latency and number kept."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.hearing.gauge import Gauge
from earwitness.load.figures import Histogram


async def main() -> None:
    gauge, done = Gauge(), asyncio.Event()
    frames, wrong, delivery = 0, 0, Histogram()

    async def listen(one: ClientConnection) -> None:
        nonlocal frames, wrong
        number = 0
        async for data in one:
            now = time.monotonic_ns()
            _, _, _, sequence, due, *_ = json.loads(data)["message"]["content"].split()
            number, frames = number + 1, frames + 1
            wrong += int(sequence) != number
            delivery.add((now - int(due)) // 1_000)
            if gauge.heard(frames):
                done.set()

    at_once = asyncio.Semaphore(20)

    async def open_one() -> ClientConnection:
        async with at_once:
            return await connect(gauge.url, compression=None, open_timeout=60, ping_interval=None)

    began = time.monotonic()
    sockets = await asyncio.gather(*(open_one() for _ in range(gauge.sockets)))
    opened_s = time.monotonic() - began
    listening = [asyncio.ensure_future(listen(one)) for one in sockets]
    await asyncio.sleep(0)
    gauge.ready()
    if gauge.rounds:
        await done.wait()
    gauge.over(wrong, opened_s=opened_s, p50_ms=delivery.milliseconds(50), p99_ms=delivery.milliseconds(99))
    for task in listening:
        task.cancel()


if __name__ == "__main__":
    if sys.argv[4] == "uvloop":
        # Nothing of ours needs it, so it is in a folder of its own.
        sys.path.append(sys.argv[5])
        importlib.import_module("uvloop").install()
    asyncio.run(main())
