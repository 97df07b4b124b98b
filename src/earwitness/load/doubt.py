"""How much of a figure may be the generator's own or its clocks', and whether a service level is in doubt for that.

What we say a delivery took is what it took and how long it then waited for us to read it, its *self-lag*; and where we sent the message
late, that as well. So the truth is never more than what we say. How much less it can be follows without asking how the two go together:
of all deliveries, at most a share e waited longer than the self-lag that 1 - e of them do not exceed. So the p-th percentile is at least
the (p - e)-th of what we say, less that self-lag.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from earwitness.load.clock import Clocks
from earwitness.load.figures import Histogram
from earwitness.load.slo import TIMES, SloResult

# What is measured from the clock of one process to that of another.
BETWEEN_MACHINES: Final = ("delivery", "last-listener")
PERCENTS: Final = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99.9": 99.9, "max": 100.0}
# The shares that are tried, in percent. 0 goes by the longest wait of all.
_SHARES: Final = (0.0, 0.1, 0.5, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Own:
    """What the generator measured of itself: how late it ``woke`` up to send, and how long some deliveries had ``waited`` to be read, if
    anybody could tell."""

    woke: Histogram
    waited: Histogram


def at_least(said: Histogram, percent: float, own: Sequence[Histogram]) -> float:
    """What the true percentile is at least, in milliseconds, where ``said`` holds times to each of which the generator added one of
    each of ``own``."""
    found = 0.0
    # No share that is more than half of what lies above the percentile: little would be left to go by.
    for share in (one for one in _SHARES if one * 2 <= 100 - percent):
        added = sum(_milliseconds(each, 100 - share) for each in own)
        found = max(found, _milliseconds(said, percent - share * len(own)) - added)
    return round(found, 3)


def _milliseconds(times: Histogram, percent: float) -> float:
    return times.milliseconds(percent) or 0.0


def is_in_doubt(one: SloResult, said: Histogram | None, own: Own, clocks: Clocks, *, limiting: bool) -> bool:
    """Whether ``one`` could have come out otherwise: a miss where the generator was ``limiting``, or one that does not come out the same for
    the least and the most that may be true. ``said`` is what the figure is a percentile of, if it is a time."""
    if one.measured is None:
        return False
    if limiting and one.slo.is_time and one.held is False:
        return True
    if said is None or one.slo.metric not in TIMES:
        return False
    if one.slo.metric in BETWEEN_MACHINES and math.isinf(clocks.bound):
        return True
    low, high = one.measured, one.measured
    percent = PERCENTS[one.slo.statistic]
    if one.slo.metric == "last-listener" and own.waited.n:
        # Each message has as many waits as listeners, and the longest decides.
        low = at_least(said, percent, [own.woke]) - (own.waited.milliseconds(100) or 0.0)
    elif one.slo.metric == "delivery" and own.waited.n:
        low = at_least(said, percent, [own.woke, own.waited])
    elif own.woke.n:
        low = at_least(said, percent, [own.woke])
    if one.slo.metric in BETWEEN_MACHINES:
        bound = clocks.bound / 1e6
        low, high = low - bound, high + bound
    return one.slo.differs(max(0.0, low), high)
