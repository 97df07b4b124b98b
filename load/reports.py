"""What the processes of a load have told of themselves so far, and how far one may conclude from it that something is lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from earwitness.load.part import Part
from earwitness.load.standing import Process

# How many reports of a process are looked back at, to find one that is older than what all others told last.
_LOOKED_BACK: Final = 8


class Reports:
    """The last report of each process on one run, with the seconds and blocks of all before."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._told: dict[str, dict[str, Any]] = {}
        # When each process reported last, in seconds of the monotonic clock.
        self._at: dict[str, float] = {}
        # Of each process's last reports: when, and up to where the messages of each of its senders had had their deadline.
        self._settled: dict[str, deque[tuple[float, dict[str, int]]]] = {}
        self._read: dict[str, tuple[Mapping[str, Any], Part]] = {}

    def __len__(self) -> int:
        return len(self._told)

    def take(self, client: str, part: Mapping[str, Any]) -> None:
        """What a process has seen so far; it takes the place of what it said before, but for seconds and blocks that it
        does not name again. Started again from Locust's page, a load may hear of the one before: until a process is told to begin anew, it
        tells every few seconds what it has, and that is no part of this one."""
        if part["ledger"]["run"] != self._run:
            return
        before = self._told.get(client, {"seconds": {}, "last": {}})
        now = self._at[client] = time.monotonic()
        self._told[client] = {
            **part,
            **{name: {**before[name], **part[name]} for name in ("seconds", "last")},
        }
        settled = {name: sent["settled"] for name, sent in part["ledger"]["sent"].items()}
        self._settled.setdefault(client, deque(maxlen=_LOOKED_BACK)).append((now, settled))

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Each process and its part, which is the caller's own."""
        return ((client, Part.load(told)) for client, told in self._told.items())

    def silent(self, patience_s: float) -> Iterable[str]:
        """The processes whose last report is so much older than the newest."""
        newest = max(self._at.values(), default=0.0)
        return (client for client, at in self._at.items() if at < newest - patience_s)

    def processes(self, names: Mapping[str, str]) -> list[Process]:
        """Each process as it told last, to look at; by the ``names`` that people know them by."""
        now = time.monotonic()
        return [
            Process(names.get(one, one), self._as_told(one), now - self._at[one])
            for one in sorted(self._told)
        ]

    def settled(self) -> dict[str, int]:
        """Up to which message of each sender the deadline was over before any process told last: what such a process has not heard of
        these, it did not hear in time."""
        oldest = min(self._at.values(), default=0.0)
        found: dict[str, int] = {}
        for reports in self._settled.values():
            for at, settled in reports:
                if at <= oldest:
                    found.update(settled)
        return found

    def _as_told(self, client: str) -> Part:
        """A report is read once, however often it is looked at."""
        told, found = self._told[client], self._read.get(client)
        if found is None or found[0] is not told:
            found = self._read[client] = told, Part.load(told)
        return found[1]
