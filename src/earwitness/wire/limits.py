"""Bounds on what a wire sends, waits for and keeps, so that no server can hang or fill a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from earwitness.errors import CouldNotTest, Problem

USER_AGENT: Final = "earwitness"

# Of one answer that asks for patience; RFC 9110, section 10.2.3 lets a server ask for anything.
MAX_WAIT_S: Final = 5.0
MAX_WAITS: Final = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a wire allows itself; times in seconds, sizes in bytes.

    ``answer_s`` is for an answer as a whole, ``connect_s`` for reaching the server, ``open_s`` for a socket's handshake,
    ``close_s`` for its closing handshake. ``max_heard`` counts the frames that one socket may hear. ``requests``,
    ``frames`` and ``seconds`` are for the whole run, ``sockets`` for those open at once. After ``failures`` answers in a
    row that are none or have a status of 500 and above, nothing more is sent (0: never mind).
    """

    connect_s: float = 10.0
    answer_s: float = 30.0
    open_s: float = 10.0
    close_s: float = 2.0
    max_body: int = 1_000_000
    max_frame: int = 1_000_000
    max_heard: int = 100_000
    requests: int = 20_000
    sockets: int = 200
    frames: int = 20_000
    seconds: float = 600.0
    failures: int = 0


class Meter:
    """Counts what a wire does, and stops it where its limits end. Every method raises CouldNotTest there."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._begun = clock()
        self._requests = self._frames = self._failures = 0
        self.sockets = 0

    def request(self) -> None:
        """One more request is about to leave."""
        self._in_time()
        if self._limits.failures and self._failures >= self._limits.failures:
            raise CouldNotTest(
                Problem(
                    f"{self._failures} requests in a row got no answer, or one of status 500 and above",
                    expected="a deployment that answers",
                    hint="nothing more is sent, to spare it; look at its logs",
                )
            )
        if self._requests >= self._limits.requests:
            raise _spent(f"{self._limits.requests} requests", "requests")
        self._requests += 1

    def answered(self, status: int) -> None:
        """A request was answered with ``status``; 0 when it was not."""
        self._failures = self._failures + 1 if status == 0 or status >= 500 else 0

    def frame(self) -> None:
        """One more frame is about to be said."""
        self._in_time()
        if self._frames >= self._limits.frames:
            raise _spent(f"{self._limits.frames} messages on sockets", "messages")
        self._frames += 1

    def open(self) -> None:
        """One more socket is about to be opened; ``over`` gives it back."""
        self._in_time()
        if self.sockets >= self._limits.sockets:
            raise _spent(f"{self._limits.sockets} sockets open at once", "sockets")
        self.sockets += 1

    def over(self) -> None:
        """A socket was closed or refused."""
        self.sockets -= 1

    def _in_time(self) -> None:
        if self._clock() - self._begun >= self._limits.seconds:
            raise _spent(f"{self._limits.seconds:g} seconds", "seconds")


def _spent(what: str, key: str) -> CouldNotTest:
    return CouldNotTest(
        Problem(
            f"the budget of {what} is spent",
            hint=f"raise {key} under budget in the deployment file, or run less at once",
        )
    )
