"""Wakes those who wait for something to happen, across threads, without polling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic


class Bell:
    """Rings whenever something happened. Who waits looks for itself whether it is what it waits for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        """Something happened."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def wait(self, predicate: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``predicate`` holds, for ``seconds`` at most; returns whether it does. It is looked at once at the
        start, and again after rings, on the caller's thread and without holding up who rings."""
        deadline = monotonic() + seconds
        while True:
            with self._condition:
                seen = self._rung
            if predicate():
                return True
            with self._condition:
                # Rings that came while the predicate was looked at count: it may have missed what they told of.
                if not self._condition.wait_for(
                    lambda seen=seen: self._rung != seen,  # type: ignore[misc]  # mypy cannot infer a lambda's default
                    max(0.0, deadline - monotonic()),
                ):
                    return False
            if monotonic() >= deadline:
                return predicate()
