"""What one process of a load has seen: its ledger and its figures, mergeable, and fit to travel as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from earwitness.history import Json
from earwitness.load.contract import Contract
from earwitness.load.figures import COARSE, Histogram, whole
from earwitness.load.last import LastHeard
from earwitness.load.ledger import Ledger
from earwitness.load.stamp import Stamp

TIMES = ("delivery", "answer", "connect", "read", "lag", "self-lag")


@dataclass(slots=True)
class Second:
    """What happened in one second: messages acknowledged, how late what was heard in it was, and of some of that, how much of it was us.

    The histograms are coarse ones, since there are two for every second: some hundred buckets, 5 kB, where latencies spread from 1 to
    100 ms, and never more than 432, 40 kB. Of self-lags there are few. So an hour takes about 20 MB, and 150 MB at the worst.
    """

    acknowledged: int = 0
    heard: Histogram = field(default_factory=lambda: Histogram(COARSE))
    lagged: Histogram = field(default_factory=lambda: Histogram(COARSE))


class Part:
    """The ledger, histograms of what takes time, and what happened in each second since the start.

    ``delivery`` and ``answer`` count from the due time, ``lag`` is how much later than asked the generator woke up, ``self-lag`` how long some of the
    deliveries waited for it to read them, ``read`` how long a request for a list took; ``bounded`` says of how many of these only the most that it can have been is known; ``last`` holds, for each message, how long until the last listener so far heard it (µs); ``cpu`` is the share of a core that the busiest process used, ``held`` the share of the time for which one was kept from running;
    ``closed`` the listeners whose sockets the other side closed, and why; ``presence`` how many events told who came or went, by the
    event; ``reads`` how many lists were read, by what came of it; ``typed`` the typing notices said; ``contract`` what of all that was heard breaks it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.times = {name: Histogram() for name in TIMES}
        self.seconds: dict[int, Second] = {}
        self.last = LastHeard()
        self.bounded = 0
        self.cpu = 0.0
        self.held = 0.0
        self.closed: dict[str, str] = {}
        self.presence: dict[str, int] = {}
        self.reads: dict[str, int] = {}
        self.typed = 0
        self.contract = Contract()

    def acknowledged(self, second: int, late_us: int | None) -> None:
        """A message was acknowledged, so long after it was due; None for one that was written to a socket, which answers nothing."""
        if late_us is not None:
            self.times["answer"].add(late_us)
        self._second(second).acknowledged += 1

    def delivered(self, sender: str, sequence: int, second: int, late_us: int) -> None:
        """A listener heard a message, so long after it was due."""
        self.times["delivery"].add(late_us)
        self._second(second).heard.add(late_us)
        self.last.hear(sender, sequence, second, late_us)

    def delivered_all(self, second: int, messages: Collection[tuple[Stamp, Sequence[int]]]) -> None:
        """Listeners heard ``messages`` in one second: for each, how long after it was due each of its listeners heard it (µs)."""
        heard = Histogram()
        heard.add_all([late for _, lates in messages for late in lates])
        for stamp, lates in messages:
            self.last.hear(stamp.sender, stamp.sequence, second, max(lates))
        self.times["delivery"].merge(heard)
        self._second(second).heard.merge(heard)

    def lagged(self, second: int, waited_us: int, times: int, *, is_bound: bool) -> None:
        """So many deliveries had waited so long when we read them, or no longer than that, if it ``is_bound``."""
        self.times["self-lag"].add(waited_us, times)
        self._second(second).lagged.add(waited_us, times)
        self.bounded += times if is_bound else 0

    def read(self, came: str, took_us: int | None = None) -> None:
        """A list was read: ``answered`` or ``refused``, in so long, or ``unanswered``."""
        self.reads[came] = self.reads.get(came, 0) + 1
        if took_us is not None:
            self.times["read"].add(took_us)

    def rebase(self, start: int) -> None:
        """Count all times from ``start``, by the clock by which they were taken; what was before is at 0."""
        self.ledger.rebase(start)
        self.contract.rebase(start)

    def _second(self, second: int) -> Second:
        row = self.seconds.get(second)
        if row is None:
            row = self.seconds[second] = Second()
        return row

    def merge(self, other: Part) -> None:
        """Add what another process has seen."""
        self.ledger.merge(other.ledger)
        for name in TIMES:
            self.times[name].merge(other.times[name])
        for number, theirs in other.seconds.items():
            row = self._second(number)
            row.acknowledged += theirs.acknowledged
            row.heard.merge(theirs.heard)
            row.lagged.merge(theirs.lagged)
        self.last.merge(other.last)
        self.bounded += other.bounded
        self.cpu = max(self.cpu, other.cpu)
        self.held = max(self.held, other.held)
        self.closed.update(other.closed)
        for event, times in other.presence.items():
            self.presence[event] = self.presence.get(event, 0) + times
        self.typed += other.typed
        for came, times in other.reads.items():
            self.reads[came] = self.reads.get(came, 0) + times
        self.contract.merge(other.contract)

    def dump(self, since: int = 0) -> dict[str, Json]:
        """As JSON; of ``seconds`` and ``last`` only what changed in second ``since`` or later, for a receiver that has the rest."""
        return {
            "ledger": self.ledger.dump(),
            "times": {name: histogram.dump() for name, histogram in self.times.items()},
            "seconds": {
                str(number): [row.acknowledged, row.heard.dump(), row.lagged.dump()]
                for number, row in self.seconds.items()
                if number >= since
            },
            "last": self.last.dump(since),
            "bounded": self.bounded,
            "cpu": self.cpu,
            "held": self.held,
            "closed": dict(self.closed),
            "presence": dict(self.presence),
            "reads": dict(self.reads),
            "typed": self.typed,
            "contract": self.contract.dump(),
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Part:
        """What ``dump`` gave."""
        ledger, times, seconds, last, closed, presence = (
            value[key] for key in ("ledger", "times", "seconds", "last", "closed", "presence")
        )
        assert isinstance(ledger, Mapping) and isinstance(times, Mapping) and isinstance(closed, Mapping)
        assert isinstance(seconds, Mapping) and isinstance(last, Mapping) and isinstance(presence, Mapping)
        part = Part(Ledger.load(ledger))
        for name in TIMES:
            histogram = times[name]
            assert isinstance(histogram, Mapping)
            part.times[name] = Histogram.load(histogram)
        for number, row in seconds.items():
            assert isinstance(row, list | tuple)
            acknowledged, heard, lagged = row
            assert isinstance(heard, Mapping) and isinstance(lagged, Mapping)
            part.seconds[int(number)] = Second(
                whole(acknowledged), Histogram.load(heard), Histogram.load(lagged)
            )
        part.last = LastHeard.load(last)
        cpu, held = value["cpu"], value["held"]
        assert isinstance(cpu, int | float) and isinstance(held, int | float)
        part.cpu, part.held = float(cpu), float(held)
        part.bounded = whole(value["bounded"])
        part.typed = whole(value["typed"])
        contract, reads = value["contract"], value["reads"]
        assert isinstance(reads, Mapping)
        part.reads = {str(came): whole(times) for came, times in reads.items()}
        assert isinstance(contract, Mapping)
        part.contract = Contract.load(contract)
        part.presence = {str(event): whole(times) for event, times in presence.items()}
        part.closed = {str(name): str(why) for name, why in closed.items()}
        return part
