"""Who heard which message how often and in which order: exact at any scale, kept as windows, judged after the drain.

The rule. A sender numbers its messages from 1. For every listener and sender there is a window: the highest number heard, and the
gaps below it. A number above the highest raises it, and what it skips becomes gaps. A number in a gap closes it and is *reordered*: a
later one was heard before, so a swapped pair is one reorder. Any other number is *duplicated*. When all is over, what an answer
acknowledged and nobody heard is *lost*; what was never acknowledged and yet heard is *recovered*; what was refused, or never sent, and
yet heard is *phantom*. What goes over a socket is answered by nothing: there, being heard by one listener is the answer. Who hears what is not for it: *misdelivered*. A text that is not what anybody sent: *corrupted*.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from earwitness.history import Json
from earwitness.load.figures import whole
from earwitness.load.stamp import Stamp

# How many anomalies are kept to be shown; all are counted.
MOST: Final = 5_000


@dataclass(frozen=True, slots=True, order=True)
class Anomaly:
    """Something that should not have been heard so, or should have been: when (nanoseconds of the monotonic clock; when it was due
    if it was lost), what, by whom."""

    at: int
    kind: str
    listener: str
    sender: str
    sequence: int


@dataclass(slots=True)
class Window:
    """What one listener heard of one sender."""

    high: int = 0
    gaps: set[int] = field(default_factory=set)

    def hear(self, sequence: int) -> str:
        """Take one in; returns ``heard``, ``reordered`` or ``duplicated``."""
        if sequence > self.high:
            self.gaps.update(range(self.high + 1, sequence))
            self.high = sequence
            return "heard"
        if sequence in self.gaps:
            self.gaps.discard(sequence)
            return "reordered"
        return "duplicated"

    def has(self, sequence: int) -> bool:
        return sequence <= self.high and sequence not in self.gaps


@dataclass(slots=True)
class Sent:
    """What one sender sent: the numbers up to ``issued``. ``unanswered`` and ``refused`` are those that were not acknowledged;
    what was answered up to ``settled`` has had its deadline. Message n was due at ``first + (n - 1) * step`` nanoseconds.

    ``spoken`` says that they went over a socket, which answers nothing: what was written to it counts as acknowledged, unless the
    socket told of an error, or was closed, before the deadline was over. Then it is unanswered, and that somebody heard it is the
    answer.
    """

    first: int = 0
    step: float = 0.0
    issued: int = 0
    settled: int = 0
    unanswered: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    spoken: bool = False
    # Those whose deadline is not over, and when they were sent; of no interest to other processes.
    recent: deque[tuple[int, int]] = field(default_factory=deque, init=False, compare=False, repr=False)

    def done(self, sequence: int, at: int, deadline_ns: int) -> None:
        """Message ``sequence`` was sent, whatever came of it; ``at`` is now, in nanoseconds."""
        self.recent.append((sequence, at))
        while self.recent and self.recent[0][1] < at - deadline_ns:
            self.settled = self.recent.popleft()[0]

    def doubt(self, at: int, deadline_ns: int) -> None:
        """Nobody knows any more whether what was sent less than a deadline before ``at`` was taken."""
        self.unanswered.update(
            n for n, when in self.recent if when >= at - deadline_ns and n not in self.refused
        )

    def due(self, sequence: int) -> int:
        return self.first + round((sequence - 1) * self.step)


@dataclass(frozen=True, slots=True)
class Audit:
    """What the ledger comes to. ``heard`` counts deliveries that were expected and came; ``lost`` is the rest of ``expected``."""

    expected: int
    heard: int
    counts: Mapping[str, int]
    anomalies: tuple[Anomaly, ...]


class Ledger:
    """The ledger of the listeners and senders of one process; merged with those of others before it is judged."""

    def __init__(self, run: str, planned: Mapping[str, int]) -> None:
        """``planned`` says how many messages each sender will send at the most."""
        self.run = run
        self.planned = dict(planned)
        self.must: dict[str, frozenset[str]] = {}
        self.may: dict[str, frozenset[str]] = {}
        self.windows: dict[tuple[str, str], Window] = {}
        self.sent: dict[str, Sent] = {}
        self.counts: dict[str, int] = {}
        self.anomalies: list[Anomaly] = []
        self.deaf: set[str] = set()

    def gone(self, listeners: Iterable[str]) -> None:
        """What these have heard is not all known: their process died, or its last report is an old one. They miss nothing."""
        self.deaf.update(listeners)

    def listen(self, listener: str, must: Iterable[str], may: Iterable[str] = ()) -> None:
        """From now on ``listener`` has to hear the senders in ``must``, and may hear those in ``may``."""
        self.must[listener] = frozenset(must)
        self.may[listener] = frozenset(may)

    def hear(self, listener: str, stamp: Stamp | None, at: int) -> bool:
        """Take in that ``listener`` heard a message (None: a text without a stamp, or with one that was changed).

        Returns whether it is a delivery that was due, and the first of it.
        """
        if stamp is None:
            return self._note("corrupted", at, listener, "", 0)
        sender, sequence = stamp.sender, stamp.sequence
        if stamp.run != self.run or not 0 < sequence <= self.planned.get(sender, 0):
            return self._note("phantom", at, listener, sender, sequence)
        if sender not in self.must[listener]:
            return sender not in self.may[listener] and self._note(
                "misdelivered", at, listener, sender, sequence
            )
        window = self.windows.get((listener, sender))
        if window is None:
            window = self.windows[listener, sender] = Window()
        came = window.hear(sequence)
        if came != "heard":
            self._note(came, at, listener, sender, sequence)
        return came != "duplicated"

    def _note(self, kind: str, at: int, listener: str, sender: str, sequence: int) -> bool:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.anomalies.append(Anomaly(at, kind, listener, sender, sequence))
        if len(self.anomalies) > 2 * MOST:
            self._bound()
        return False

    def _bound(self) -> None:
        # The earliest of all, whoever kept them: so it does not matter in which order ledgers are merged.
        self.anomalies = sorted(self.anomalies)[:MOST]

    def merge(self, other: Ledger) -> None:
        """Add what another process has seen. Raises ValueError when both have the same listener or sender."""
        if twice := (self.must.keys() & other.must.keys()) | (self.sent.keys() & other.sent.keys()):
            raise ValueError(f"two ledgers of {', '.join(sorted(twice))}")
        self.planned.update(other.planned)
        self.must.update(other.must)
        self.may.update(other.may)
        self.windows.update(other.windows)
        self.sent.update(other.sent)
        for kind, count in other.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        self.anomalies += other.anomalies
        self._bound()

    def is_complete(self, sent: Mapping[str, Sent]) -> bool:
        """Whether all that ``sent`` says was acknowledged has been heard by every listener of this ledger that must hear it."""
        return next(self.missing(sent), None) is None

    def missing(self, sent: Mapping[str, Sent]) -> Iterator[tuple[str, str, int]]:
        """What ``sent`` says was acknowledged, and a listener of this ledger that must hear it has not heard: listener, sender, number."""
        for listener, senders in self.must.items():
            for sender in sorted(senders & sent.keys()):
                out = sent[sender]
                window = self.windows.get((listener, sender), _NOTHING)
                for sequence in chain(sorted(window.gaps), range(window.high + 1, out.issued + 1)):
                    if (
                        sequence <= out.issued
                        and sequence not in out.unanswered
                        and sequence not in out.refused
                    ):
                        yield listener, sender, sequence

    def judge(self, drained: bool = True) -> Audit:
        """What it all comes to. Without a drain, what was answered a moment ago and is not heard yet is not expected yet."""
        expected = lost = 0
        counts = (
            dict.fromkeys(
                ("lost", "duplicated", "reordered", "misdelivered", "corrupted", "phantom", "recovered"), 0
            )
            | self.counts
        )
        found: list[Anomaly] = []

        def note(kind: str, listener: str, sender: str, sequence: int) -> None:
            counts[kind] += 1
            if len(found) < 2 * MOST:
                found.append(Anomaly(self.sent[sender].due(sequence), kind, listener, sender, sequence))

        sent = self.known()
        for listener, senders in self.must.items():
            for sender in sorted(senders & sent.keys()):
                out, window = sent[sender], self.windows.get((listener, sender), _NOTHING)
                expected += out.issued - len(out.unanswered) - len(out.refused)
                for kind, numbers in (("recovered", out.unanswered), ("phantom", out.refused)):
                    for sequence in sorted(numbers):
                        if window.has(sequence) and (drained or kind == "phantom" or sequence <= out.settled):
                            note(kind, listener, sender, sequence)
                # Without a drain the sender's report may be older than the listener's.
                for sequence in range(out.issued + 1, window.high + 1 if drained else 0):
                    if window.has(sequence):
                        note("phantom", listener, sender, sequence)
        for listener, sender, sequence in self.missing(sent):
            if listener not in self.deaf and (drained or sequence <= sent[sender].settled):
                lost += 1
                note("lost", listener, sender, sequence)
            else:
                expected -= 1
        return Audit(expected, expected - lost, counts, tuple(sorted([*self.anomalies, *found])[:MOST]))

    def known(self) -> dict[str, Sent]:
        """What each sender sent, by all that is known in the end."""
        return {name: self._known(name, out) for name, out in self.sent.items()}

    def _known(self, name: str, out: Sent) -> Sent:
        """``out`` without those unanswered that a socket did take: one listener has heard them, so all were due to hear them."""
        if not out.spoken or not out.unanswered:
            return out
        windows = [
            self.windows.get((one, name), _NOTHING) for one, senders in self.must.items() if name in senders
        ]
        return replace(
            out, unanswered={n for n in out.unanswered if not any(window.has(n) for window in windows)}
        )

    # -- the way to another process -----------------------------------------------------------------------------------------

    def dump(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "run": self.run,
            "planned": dict(self.planned),
            "listeners": [[name, sorted(must), sorted(self.may[name])] for name, must in self.must.items()],
            "windows": [[*key, window.high, sorted(window.gaps)] for key, window in self.windows.items()],
            "sent": {name: dump_sent(sent) for name, sent in self.sent.items()},
            "counts": dict(self.counts),
            "anomalies": [
                [a.at, a.kind, a.listener, a.sender, a.sequence] for a in sorted(self.anomalies)[:MOST]
            ],
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Ledger:
        """What ``dump`` gave."""
        ledger = Ledger(str(value["run"]), {k: whole(v) for k, v in _map(value["planned"]).items()})
        for name, must, may in map(_list, _list(value["listeners"])):
            ledger.listen(str(name), map(str, _list(must)), map(str, _list(may)))
        for listener, sender, high, gaps in map(_list, _list(value["windows"])):
            ledger.windows[str(listener), str(sender)] = Window(whole(high), set(map(whole, _list(gaps))))
        ledger.sent = {name: load_sent(_map(sent)) for name, sent in _map(value["sent"]).items()}
        ledger.counts = {kind: whole(count) for kind, count in _map(value["counts"]).items()}
        for at, kind, listener, sender, sequence in map(_list, _list(value["anomalies"])):
            ledger.anomalies.append(
                Anomaly(whole(at), str(kind), str(listener), str(sender), whole(sequence))
            )
        return ledger


_NOTHING: Final = Window()


def dump_sent(sent: Sent) -> dict[str, Json]:
    """As JSON."""
    return {
        "first": sent.first, "step": sent.step, "issued": sent.issued, "settled": sent.settled,
        "unanswered": sorted(sent.unanswered), "refused": sorted(sent.refused), "spoken": sent.spoken,
    }  # fmt: skip


def load_sent(value: Mapping[str, Json]) -> Sent:
    """What ``dump_sent`` gave."""
    step = value["step"]
    assert isinstance(step, int | float)
    return Sent(
        whole(value["first"]), float(step), whole(value["issued"]), whole(value["settled"]),
        set(map(whole, _list(value["unanswered"]))), set(map(whole, _list(value["refused"]))), bool(value["spoken"]),
    )  # fmt: skip


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list | tuple)
    return list(value)


def _map(value: Json) -> Mapping[str, Json]:
    assert isinstance(value, Mapping)
    return value
