"""Lists that senders read beside what they write, at planned times, as people do who open a chat."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gevent

from earwitness.deployment import Account
from earwitness.load.part import Part
from load.hands import Hands, NoAnswer


@dataclass(frozen=True)
class Reading:
    """What one sender reads: every ``every_ns`` the next of the API's lists, from ``start`` (monotonic nanoseconds) to ``end``."""

    part: Part
    hands: Hands
    account: Account
    room: Mapping[str, Any]
    verbs: tuple[str, ...]
    every_ns: int
    start: int
    end: int

    def read(self) -> None:
        """Read what is due, until the end. A time for which the one before took too long is left out."""
        try:
            number = 0
            while (due := self.start + number * self.every_ns) < self.end:
                while (wait := due - time.monotonic_ns()) > 0:
                    gevent.sleep(wait / 1e9)
                self._one(self.verbs[number % len(self.verbs)])
                number = max(number + 1, -(-(time.monotonic_ns() - self.start) // self.every_ns))
        finally:
            self.hands.close()

    def _one(self, verb: str) -> None:
        began = time.monotonic_ns()
        try:
            state = self.hands.does(verb, self.account, room=self.room).state
        except NoAnswer:
            self.part.read("unanswered")
            return
        self.part.read("answered" if state == "done" else "refused", (time.monotonic_ns() - began) // 1_000)
