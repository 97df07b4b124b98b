"""The generator looks at itself: how late this process wakes up, how much of a core it uses, and how long it was kept from running."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import gevent

from earwitness.load.part import Part

# What the kernel keeps of this thread: for how long it ran, and for how long it could have and had to wait for a core (nanoseconds).
_SCHEDULED: Final = Path("/proc/thread-self/schedstat")


def watch_ourselves(part: Part, tick_s: float, is_over: Callable[[], bool]) -> None:
    """Measure it into ``part`` every ``tick_s`` seconds while messages are sent, which is until it ``is_over``."""
    began, used, waited = time.monotonic(), time.process_time(), waited_s()
    while not is_over():
        asked = time.monotonic_ns()
        gevent.sleep(tick_s)
        part.times["lag"].add((time.monotonic_ns() - asked) // 1_000 - round(tick_s * 1e6))
        wall = time.monotonic() - began
        # A share of a fraction of a second says nothing yet.
        if wall > 1:
            part.cpu = (time.process_time() - used) / wall
            # Who is stopped waits for no core, and who is never idle never wakes up: each of the two shows what the other does not.
            part.held = max(part.times["lag"].total / 1e6, waited_s() - waited) / wall


def waited_s() -> float:
    """For how many seconds, since it began, this thread had something to do and no core to do it on; 0 where the system does not tell."""
    try:
        return int(_SCHEDULED.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
