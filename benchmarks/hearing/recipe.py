"""The benchmark's client as Locust users write it: a greenlet a socket, a blocking library, JSON read, and a Locust event for each frame."""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

import gevent
from gevent.event import Event
from gevent.pool import Pool
from locust.env import Environment

from benchmarks.hearing.gauge import Gauge


def main(library: str) -> None:
    environment = Environment()
    environment.create_local_runner()
    request: Any = environment.events.request
    gauge, done = Gauge(), Event()
    frames = wrong = 0

    def listen(receive: Any) -> None:
        nonlocal frames, wrong
        number = 0
        while not done.is_set():
            data = receive()
            now = time.monotonic_ns()
            _, _, _, sequence, due, *_ = json.loads(data)["message"]["content"].split()
            number, frames = number + 1, frames + 1
            wrong += int(sequence) != number
            request.fire(
                request_type="WS", name="message", response_time=(now - int(due)) / 1e6, response_length=len(data), exception=None, context={}
            )  # fmt: skip
            if gauge.heard(frames):
                done.set()

    # Whatever it is that opens a socket: something whose `recv` waits for the next message.
    module = importlib.import_module(
        "websocket" if library == "websocket-client" else "websockets.sync.client"
    )
    options: dict[str, Any] = {} if library == "websocket-client" else {"compression": None}
    opening = module.create_connection if library == "websocket-client" else module.connect
    began = time.monotonic()
    sockets = Pool(20).map(lambda _: opening(gauge.url, **options), range(gauge.sockets))
    opened_s = time.monotonic() - began
    for one in sockets:
        gevent.spawn(listen, one.recv)
    gevent.sleep(0)
    gauge.ready()
    if gauge.rounds:
        done.wait()
    total: Any = environment.stats.total
    gauge.over(
        wrong, opened_s=opened_s, p50_ms=total.get_response_time_percentile(0.5),
        p99_ms=total.get_response_time_percentile(0.99),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[4])
