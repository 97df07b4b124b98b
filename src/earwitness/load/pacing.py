"""When messages are due: an absolute timetable that no answer can move."""

from __future__ import annotations

import base64
import math
import random
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, Final, Protocol

from earwitness.history import Json

# Messages that a recorded trace may hold: it travels to every user of a load.
MOST_TRACED: Final = 100_000


class Shape(Protocol):
    """How a pace goes over a load of ``of`` seconds. Message n (from 0) is due no earlier than message n - 1, and the first at 0 or later."""

    def before(self, seconds: float, of: float) -> int:
        """How many messages are due before that time, and before the load is over."""

    def due(self, number: int, of: float) -> float:
        """When message ``number`` (from 0) is due, in seconds since the start."""

    def dump(self) -> dict[str, Json]:
        """As JSON, with its ``kind``."""


@dataclass(frozen=True, slots=True)
class Constant:
    """``rate`` messages a second."""

    rate: float

    def before(self, seconds: float, of: float) -> int:
        return _up(self.rate * min(seconds, of))

    def due(self, number: int, of: float) -> float:
        return number / self.rate

    def dump(self) -> dict[str, Json]:
        return {"kind": "constant", "rate": self.rate}


@dataclass(frozen=True, slots=True)
class Ramp:
    """From ``start`` messages a second to ``end``, changing evenly over the whole load. Either may be 0, not both."""

    start: float
    end: float

    def before(self, seconds: float, of: float) -> int:
        t = min(seconds, of)
        return _up(self.start * t + (self.end - self.start) * t * t / (2 * of))

    def due(self, number: int, of: float) -> float:
        # Where the area under the line is ``number``; in the form that does not subtract what is nearly equal.
        slope = (self.end - self.start) / of
        root = math.sqrt(max(0.0, self.start * self.start + 2 * slope * number))
        return 2 * number / (self.start + root) if number else 0.0

    def dump(self) -> dict[str, Json]:
        return {"kind": "ramp", "from": self.start, "to": self.end}


@dataclass(frozen=True, slots=True)
class Steps:
    """Each of ``rates``, in messages a second, for an equal part of the load; 0 is a pause."""

    rates: tuple[float, ...]

    def before(self, seconds: float, of: float) -> int:
        each, t = of / len(self.rates), min(seconds, of)
        return _up(sum(rate * min(max(0.0, t - i * each), each) for i, rate in enumerate(self.rates)))

    def due(self, number: int, of: float) -> float:
        each = of / len(self.rates)
        sums = accumulate((rate * each for rate in self.rates), initial=0.0)
        for i, (low, high) in enumerate(pairwise(sums)):
            if number < high - _ROUNDING:
                return i * each + max(0.0, number - low) / self.rates[i]
        return of

    def dump(self) -> dict[str, Json]:
        return {"kind": "steps", "rates": list(self.rates)}


@dataclass(frozen=True, slots=True)
class Bursts:
    """``size`` messages at once, every ``every`` seconds, the first at the start."""

    size: int
    every: float

    def before(self, seconds: float, of: float) -> int:
        return self.size * max(0, _up(min(seconds, of) / self.every))

    def due(self, number: int, of: float) -> float:
        return number // self.size * self.every

    def dump(self) -> dict[str, Json]:
        return {"kind": "bursts", "size": self.size, "every": self.every}


@dataclass(frozen=True, slots=True)
class Poisson:
    """``rate`` messages a second on the average, independent of one another, as people write; drawn once from ``seed``."""

    rate: float
    seed: int

    def before(self, seconds: float, of: float) -> int:
        return bisect_left(_drawn(self.rate, self.seed, of), round(min(seconds, of) * 1e9))

    def due(self, number: int, of: float) -> float:
        return _drawn(self.rate, self.seed, of)[number] / 1e9

    def dump(self) -> dict[str, Json]:
        return {"kind": "poisson", "rate": self.rate, "seed": self.seed}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The due times that somebody recorded: ``times``, in nanoseconds since the start, in order."""

    times: array[int]

    @staticmethod
    def of(seconds: Iterable[float]) -> Trace:
        """The trace of times in seconds."""
        return Trace(array("q", (round(each * 1e9) for each in seconds)))

    def before(self, seconds: float, of: float) -> int:
        return bisect_left(self.times, round(min(seconds, of) * 1e9))

    def due(self, number: int, of: float) -> float:
        return self.times[number] / 1e9

    def dump(self) -> dict[str, Json]:
        # The steps between them are small numbers, which pack well.
        steps = array("q", (late - early for early, late in pairwise([0, *self.times])))
        return {"kind": "trace", "packed": base64.b85encode(zlib.compress(steps.tobytes())).decode("ascii")}


@dataclass(frozen=True, slots=True)
class Pace:
    """A shape over ``seconds``, its messages dealt in turn to ``senders``.

    Sender k of m takes the messages k, k+m, k+2m, … of the timetable. Sequence numbers count from 1; times are nanoseconds since the
    start. When a message is due does not depend on what became of the one before (open model).
    """

    shape: Shape
    seconds: float
    senders: int = 1

    @property
    def messages(self) -> int:
        """How many messages are due in all."""
        return self.shape.before(self.seconds, self.seconds)

    @property
    def rate(self) -> float:
        """Messages a second, on the average."""
        return self.shape.rate if isinstance(self.shape, Constant) else self.messages / self.seconds

    def count(self, sender: int) -> int:
        """How many of them sender number ``sender`` (from 0) has to send."""
        return self._share(self.messages, sender)

    def due(self, sender: int, sequence: int) -> int:
        """When message ``sequence`` (from 1) of that sender is due."""
        return round(self.shape.due(sender + (sequence - 1) * self.senders, self.seconds) * 1e9)

    def due_in(self, second: int) -> int:
        """How many messages of all are due in that second (from 0)."""
        return self.due_before(second + 1) - self.due_before(second)

    def due_before(self, second: float) -> int:
        """How many messages of all are due before that time, in seconds since the start."""
        return self.shape.before(max(0.0, second), self.seconds)

    def count_before(self, sender: int, second: float) -> int:
        """How many of them are that sender's."""
        return self._share(self.due_before(second), sender)

    def _share(self, messages: int, sender: int) -> int:
        return max(0, -(-(messages - sender) // self.senders))

    def dump(self) -> dict[str, Json]:
        """As JSON, for the way to another process."""
        return {"shape": self.shape.dump(), "seconds": self.seconds, "senders": self.senders}

    @staticmethod
    def load(value: Mapping[str, Json]) -> Pace:
        """What ``dump`` gave."""
        shape, seconds, senders = value["shape"], value["seconds"], value["senders"]
        assert isinstance(shape, Mapping) and isinstance(seconds, int | float) and isinstance(senders, int)
        return Pace(shape_of(shape), float(seconds), senders)


def shape_of(value: Mapping[str, Json]) -> Shape:
    """The shape that a profile, or ``dump``, describes; a trace only as ``dump`` does. Raises KeyError for a kind that there is not."""
    made: Mapping[str, Callable[[Mapping[str, Any]], Shape]] = {
        "constant": lambda of: Constant(_figure(of["rate"])),
        "ramp": lambda of: Ramp(_figure(of["from"]), _figure(of["to"])),
        "steps": lambda of: Steps(tuple(map(_figure, of["rates"]))),
        "bursts": lambda of: Bursts(round(_figure(of["size"])), _figure(of["every"])),
        "poisson": lambda of: Poisson(_figure(of["rate"]), round(_figure(of.get("seed", 1)))),
        "trace": lambda of: Trace(_unpacked(str(of["packed"]))),
    }
    return made[str(value["kind"])](value)


# What is due at the very end is not due any more, though 0.1 * 30 is a little more than 3.
_ROUNDING: Final = 1e-6


def _up(messages: float) -> int:
    return math.ceil(round(messages, 6))


def _figure(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _unpacked(packed: str) -> array[int]:
    steps = array("q", zlib.decompress(base64.b85decode(packed)))
    return array("q", accumulate(steps))


@lru_cache(maxsize=4)
def _drawn(rate: float, seed: int, of: float) -> array[int]:
    """The due times of a Poisson process, in nanoseconds; 8 bytes each, kept since they can only be drawn in order."""
    chance, times, t = random.Random(seed), array("q"), 0.0
    while (t := t - math.log1p(-chance.random()) / rate) < of:
        times.append(int(t * 1e9))
    return times
