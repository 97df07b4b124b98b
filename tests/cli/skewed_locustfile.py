"""The locustfile with workers that seem to be on machines of their own, each with a clock that is days from the others'."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import load.locustfile
import load.players
from load.users import Participant

__all__ = ["Participant"]

_locustfile: Any = load.locustfile
_players: Any = load.players


def skew(runner: Any, **_: Any) -> None:
    """Set the clock of a worker, and give it a machine of its own."""
    if not isinstance(runner, _locustfile.WorkerRunner):
        return
    # Neighbours in number lie on either side of the master.
    apart = (1 if os.getpid() % 2 else -1) * (os.getpid() % 1_000 + 1) * 100_000_000_000
    truly = time.monotonic_ns
    time.monotonic_ns = lambda: truly() + apart
    _players.machine = lambda: f"machine {os.getpid()}"


_locustfile.events.init.add_listener(skew)
