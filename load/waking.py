"""The generator looks at itself: how late this process wakes up, how much of a core it uses, and how long it was kept from running."""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent

from earwitness.load.part import Part


def watch_ourselves(part: Part, tick_s: float, is_over: Callable[[], bool]) -> None:
    """Measure it into ``part`` every ``tick_s`` seconds while messages are sent, which is until it ``is_over``."""
    began, used = time.monotonic(), time.process_time()
    while not is_over():
        asked = time.monotonic_ns()
        gevent.sleep(tick_s)
        part.times["lag"].add((time.monotonic_ns() - asked) // 1_000 - round(tick_s * 1e6))
        wall = time.monotonic() - began
        # A share of a fraction of a second says nothing yet.
        if wall > 1:
            part.cpu = (time.process_time() - used) / wall
            part.held = part.times["lag"].total / 1e6 / wall
