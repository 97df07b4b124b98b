"""How far the clocks of a load's machines are apart: estimated from messages that travel anyway, with a bound on the error.

Nothing arrives before it is sent. A message from a process to the conductor that left at s by its clock and came at r by ours says that
our clock minus theirs is at most r - s; one the other way says that it is at least s - r. Between the two lies the truth; we take the
middle, and half of the distance is how wrong it can be. Clocks drift, so this is done before the first message and after the last; what is
said is wide enough for both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

# What two clocks of ordinary machines drift apart at the most, as a share of the time that passes: twice what crystals are sold with.
DRIFT: Final = 100e-6


@dataclass(slots=True)
class Sightings:
    """What messages told, within some seconds, of our clock minus that of a process: it lies between ``low`` and ``high`` nanoseconds.
    ``first`` and ``latest`` are when they told it, by our clock."""

    low: float = -math.inf
    high: float = math.inf
    first: int | None = None
    latest: int = 0

    def came(self, sent: int, received: int) -> None:
        """A message that left the process at ``sent``, by its clock, was received here."""
        self.high = min(self.high, received - sent)
        self._at(received)

    def went(self, sent: int, received: int) -> None:
        """A message that left here at ``sent`` was received by the process, by its clock."""
        self.low = max(self.low, sent - received)
        self._at(sent)

    def _at(self, at: int) -> None:
        self.first = at if self.first is None else min(self.first, at)
        self.latest = max(self.latest, at)

    @property
    def is_known(self) -> bool:
        """Whether messages went both ways."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def span(self) -> tuple[float, float]:
        """Where the truth lies, with room for what the clocks drifted meanwhile."""
        drift = DRIFT * (self.latest - (self.first or 0))
        return self.low - drift, self.high + drift


@dataclass(slots=True)
class Clock:
    """The clock of a process, by how many nanoseconds the conductor's is ahead of it; 0 on one machine."""

    offset: int = 0


@dataclass(slots=True)
class Offset:
    """Our clock minus that of one process, on another machine: seen before the load and after it."""

    before: Sightings = field(default_factory=Sightings)
    after: Sightings = field(default_factory=Sightings)

    def estimate(self) -> int:
        """What the load goes by, in nanoseconds; 0 while nothing is known."""
        low, high = self.before.span()
        return round((low + high) / 2) if self.before.is_known else 0

    def bound(self, until: int) -> float | None:
        """How wrong the estimate may have been at any time of a load that went on to ``until``, by our clock, in nanoseconds; None where
        nobody can say: no message went both ways, or one came before it was sent, so a clock was set meanwhile."""
        spans = [each.span() for each in (self.before, self.after) if each.is_known]
        if not self.before.is_known or any(low > high for low, high in spans):
            return None
        # Without a second look, the clocks may have drifted all the time.
        drift = 0.0 if self.after.is_known else DRIFT * max(0, until - self.before.latest)
        return (
            max(max(abs(low - self.estimate()), abs(high - self.estimate())) for low, high in spans) + drift
        )


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is known of the clocks of a load: how many ``machines`` there were, and by how much, in nanoseconds, a latency may be wrong
    that was measured over two of them; ``reason`` says why nobody can say."""

    machines: int = 1
    bound: float = 0.0
    reason: str = ""

    @property
    def bound_ms(self) -> float:
        """The bound in milliseconds, rounded up to a microsecond."""
        return math.ceil(self.bound / 1000) / 1000


ONE_CLOCK: Final = Clocks()


def clocks_of(machines: int, bounds: Iterable[float | None]) -> Clocks:
    """What is known of the clocks where processes on other machines than ours have these bounds.

    Who sends and who hears may each be wrong by its own bound, so the two largest count.
    """
    found = list(bounds)
    if machines < 2:
        return ONE_CLOCK
    known = sorted((each for each in found if each is not None), reverse=True)
    if len(known) < len(found):
        reason = "the clocks of its machines cannot be compared: messages between them came before they were sent, or only went one way"
        return Clocks(machines, math.inf, reason)
    return Clocks(machines, sum(known[:2]))
