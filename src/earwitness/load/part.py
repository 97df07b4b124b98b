"""What one process of a load has seen: its ledger and its figures, mergeable, and fit to travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from earwitness.history import Json
from earwitness.load.figures import Histogram, whole
from earwitness.load.ledger import Ledger

TIMES = ("delivery", "answer", "connect", "lag")


class Part:
    """The ledger, histograms of what takes time, and what happened in each second since the start.

    ``delivery`` and ``answer`` count from the due time, ``lag`` is how much later than asked the generator woke up; ``last`` holds, for
    each message, how long until the last listener so far heard it (µs); ``cpu`` is the share of a core that the busiest process used.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.times = {name: Histogram() for name in TIMES}
        self.seconds: dict[int, list[int]] = {}
        self.last: dict[tuple[str, int], int] = {}
        self.cpu = 0.0
        self.closed: dict[str, str] = {}

    def acknowledged(self, second: int, late_us: int) -> None:
        """A message was acknowledged, so long after it was due."""
        self.times["answer"].add(late_us)
        self._second(second)[0] += 1

    def delivered(self, sender: str, sequence: int, second: int, late_us: int) -> None:
        """A listener heard a message, so long after it was due."""
        self.times["delivery"].add(late_us)
        row = self._second(second)
        row[1] += 1
        row[2] = max(row[2], late_us)
        key = sender, sequence
        if late_us > self.last.get(key, -1):
            self.last[key] = late_us

    def _second(self, second: int) -> list[int]:
        return self.seconds.setdefault(second, [0, 0, 0])

    def merge(self, other: Part) -> None:
        """Add what another process has seen."""
        self.ledger.merge(other.ledger)
        for name in TIMES:
            self.times[name].merge(other.times[name])
        for second, (acknowledged, heard, worst) in other.seconds.items():
            row = self._second(second)
            row[0] += acknowledged
            row[1] += heard
            row[2] = max(row[2], worst)
        for key, late in other.last.items():
            self.last[key] = max(late, self.last.get(key, -1))
        self.cpu = max(self.cpu, other.cpu)
        self.closed.update(other.closed)

    def dump(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "ledger": self.ledger.dump(),
            "times": {name: histogram.dump() for name, histogram in self.times.items()},
            "seconds": [[second, *row] for second, row in self.seconds.items()],
            "last": [[*key, late] for key, late in self.last.items()],
            "cpu": self.cpu,
            "closed": dict(self.closed),
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Part:
        """What ``dump`` gave."""
        ledger, times, seconds, last, closed = (
            value[key] for key in ("ledger", "times", "seconds", "last", "closed")
        )
        assert isinstance(ledger, Mapping) and isinstance(times, Mapping) and isinstance(closed, Mapping)
        assert isinstance(seconds, list | tuple) and isinstance(last, list | tuple)
        part = Part(Ledger.load(ledger))
        for name in TIMES:
            histogram = times[name]
            assert isinstance(histogram, Mapping)
            part.times[name] = Histogram.load(histogram)
        for row in seconds:
            assert isinstance(row, list | tuple)
            second, *rest = map(whole, row)
            part.seconds[second] = rest
        for row in last:
            assert isinstance(row, list | tuple)
            part.last[str(row[0]), whole(row[1])] = whole(row[2])
        cpu = value["cpu"]
        assert isinstance(cpu, int | float)
        part.cpu = float(cpu)
        part.closed = {str(name): str(why) for name, why in closed.items()}
        return part
