"""The locustfile with workers that seem to be on machines of their own, each with a clock that is days from the others'."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from locust import events
from locust.runners import WorkerRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import load.players
from load.locustfile import Participant

__all__ = ["Participant"]


def skew(runner: Any, **_: Any) -> None:
    """Set the clock of a worker, and give it a machine of its own."""
    if not isinstance(runner, WorkerRunner):
        return
    # Neighbours in number lie on either side of the master.
    apart = (1 if os.getpid() % 2 else -1) * (os.getpid() % 1_000 + 1) * 100_000_000_000
    truly = time.monotonic_ns
    time.monotonic_ns = lambda: truly() + apart
    players: Any = load.players
    players.machine = lambda: f"machine {os.getpid()}"


_events: Any = events
_events.init.add_listener(skew)
