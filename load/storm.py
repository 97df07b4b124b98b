"""Sockets that drop and return at planned times, all at once, and what that means for who has to hear what."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import gevent
from gevent.pool import Pool

from earwitness.load.ledger import Ledger
from earwitness.load.pacing import Pace
from load.ears import Ear

# Until a new socket may be relied on: some servers accept first and subscribe then. And how long before it dropped a broadcast may have
# begun that still reaches the new one.
SETTLED_S: Final = 0.5
_AT_ONCE: Final = 20


@dataclass(frozen=True)
class Storm:
    """The drops of one user's sockets. ``start`` is when the load began (monotonic nanoseconds), ``drops`` are when sockets drop (since
    then); ``reopen`` opens the ear of a device again."""

    ledger: Ledger
    pace: Pace
    senders: Sequence[str]
    start: int
    drops: Sequence[int]
    devices: Sequence[Mapping[str, Any]]
    ears: Mapping[str, Ear]
    reopen: Callable[[Mapping[str, Any]], None]

    def blow(self) -> None:
        """Drop and return, each time; ends when all are back for the last time. Raises what ``reopen`` raises."""
        for number, at in enumerate(self.drops):
            _sleep_until(self.start + at - round(SETTLED_S * 1e9))
            for device in self.devices:
                self.ledger.about_to_drop(device["name"])
            _sleep_until(self.start + at)
            for device in self.devices:
                self.ears[device["name"]].close()
                self.ledger.dropped(device["name"], number)
            pool = Pool(_AT_ONCE)
            coming = [pool.spawn(self._return, device, number) for device in self.devices]
            gevent.joinall(coming, raise_error=True)

    def _return(self, device: Mapping[str, Any], number: int) -> None:
        self.reopen(device)
        relied_on = (time.monotonic_ns() - self.start) / 1e9 + SETTLED_S
        self.ledger.returned(
            device["name"],
            number,
            lambda sender: self.pace.count_before(self.senders.index(sender), relied_on),
        )


def _sleep_until(at: int) -> None:
    while (wait := at - time.monotonic_ns()) > 0:
        gevent.sleep(wait / 1e9)
