"""What a client of the benchmark tells of itself: its memory when its sockets are open, and the processor time of what it heard."""

from __future__ import annotations

import gc
import json
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any, Final

# A text of a load says where it is from; in the benchmark that is always the same.
RUN: Final = "bench"
SENDER: Final = "a1"
API: Final = "fe16ops"
CHANNEL: Final = "messaging"


class Gauge:
    """One run of a client: ``sockets`` of them at ``port``, each of which hears ``rounds`` frames.

    When all of them have heard a frame more, ``heard`` says so to the server, which then sends the next. Latencies need not be gauged
    where they mean nothing, as when a backlog is drained.
    """

    def __init__(self) -> None:
        self.port, self.sockets, self.rounds = map(int, sys.argv[1:4])
        self.url = f"ws://127.0.0.1:{self.port}/"
        self._frames, self._next = 0, self.sockets
        gc.collect()
        self._before = _resident_kb()
        self._control = _as_it_was(socket.create_connection(("127.0.0.1", self.port)))

    def ready(self) -> None:
        """All sockets are open: say how much memory they take, and count the time from now on."""
        gc.collect()
        _say({"ready": True, "resident_kb": _resident_kb() - self._before})
        self._began = _cpu_s()

    def heard(self, frames: int) -> bool:
        """So many frames were heard by now; returns whether these are all."""
        self._frames = frames
        if frames >= self._next:
            os.write(self._control, b".")
            self._next += self.sockets
        return frames >= self.sockets * self.rounds

    def over(self, wrong: int, **more: Any) -> None:
        """Say what came of it: ``wrong`` frames were not what they had to be."""
        _say({"frames": self._frames, "wrong": wrong, "cpu_s": _cpu_s() - self._began, **more})


def _as_it_was(control: socket.socket) -> int:
    """The bare descriptor: who has patched sockets would switch greenlets when something is written to this one."""
    return control.detach()


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)
