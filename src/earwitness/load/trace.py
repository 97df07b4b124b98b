"""Reads a file of due times, so that a load is paced as a day was that somebody recorded."""

from __future__ import annotations

import math
from pathlib import Path

from earwitness.errors import Problem, UsageError, Where
from earwitness.load.pacing import MOST_TRACED, Trace

_EXPECTED = "seconds since the start, a line each, none before the one above it"


def read_trace(path: Path) -> Trace:
    """The due times in ``path``: a number of seconds a line; empty lines, and lines that begin with ``#``, say nothing.

    Raises UsageError with the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Problem(f"the trace {path} cannot be read: {error}", expected="a file of due times")
        ) from error
    times: list[float] = []
    for number, line in enumerate(lines, start=1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        at = _seconds(word)
        if at is None or at < (times[-1] if times else 0.0):
            raise UsageError(
                Problem(f"{word[:40]!r} is no due time here", Where(str(path), number), _EXPECTED)
            )
        times.append(at)
    if not 0 < len(times) <= MOST_TRACED:
        raise UsageError(
            Problem(f"the trace {path} has {len(times):,} due times", expected=f"1 to {MOST_TRACED:,}")
        )
    return Trace.of(times)


def _seconds(word: str) -> float | None:
    try:
        found = float(word)
    except ValueError:
        return None
    # A week is the longest load there is.
    return found if math.isfinite(found) and 0 <= found <= 604_800 else None
