"""Who heard which message how often and in which order: exact at any scale, kept as windows, judged after the drain.

The rule. A sender numbers its messages from 1. For every listener and sender there is a window: the highest number heard, and the
gaps below it. A number above the highest raises it, and what it skips becomes gaps. A number in a gap closes it and is *reordered*: a
later one was heard before, so a swapped pair is one reorder. Any other number is *duplicated*. When all is over, what an answer
acknowledged and nobody heard is *lost*; what was never acknowledged and yet heard is *recovered*; what was refused, or never sent, and
yet heard is *phantom*. What goes over a socket is answered by nothing: there, being heard by one listener is the answer. Who hears what is not for it: *misdelivered*. A text that is not what anybody sent: *corrupted*.

A socket that drops and returns need not hear what was said while it was away, nor what may have been under way when it went: that is
neither expected nor lost. ``away`` has the stretches of numbers, from the last that had its deadline before anybody went (the sender knows)
to the last that was due before the listener was back.

A window takes no more for a million messages than for a thousand: only gaps cost, 8 bytes for each stretch that is missing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from earwitness.history import Json
from earwitness.load.figures import whole
from earwitness.load.numbers import Numbers, Run, size, up_to, without
from earwitness.load.stamp import Stamp
from earwitness.load.window import Window

# How many anomalies are kept to be shown; all are counted.
MOST: Final = 5_000
KINDS: Final = ("lost", "duplicated", "reordered", "misdelivered", "corrupted", "phantom", "recovered")
# Later than any message: of a listener that is not back yet.
_NEVER: Final = 2**32 - 2

# When a message was due: sender, sequence, nanoseconds since the start.
Due = Callable[[str, int], int]


@dataclass(frozen=True, slots=True, order=True)
class Anomaly:
    """Something that should not have been heard so, or should have been: when (nanoseconds since the start; when it was due if it was
    lost, recovered, or refused), what, by whom."""

    at: int
    kind: str
    listener: str
    sender: str
    sequence: int


@dataclass(slots=True)
class Sent:
    """What one sender sent: the numbers up to ``issued``. ``unanswered`` and ``refused`` are those that were not acknowledged;
    what was answered up to ``settled`` has had its deadline. ``dropped`` says, by the number of each time that sockets dropped, what
    had had its deadline before.

    ``spoken`` says that they went over a socket, which answers nothing: what was written to it counts as acknowledged, unless the
    socket told of an error, or was closed, before the deadline was over. Then it is unanswered, and that somebody heard it is the
    answer.
    """

    issued: int = 0
    settled: int = 0
    unanswered: Numbers = field(default_factory=Numbers)
    refused: Numbers = field(default_factory=Numbers)
    spoken: bool = False
    dropped: dict[int, int] = field(default_factory=dict)
    # Those whose deadline is not over, and when they were sent; of no interest to other processes.
    recent: deque[tuple[int, int]] = field(default_factory=deque, init=False, compare=False, repr=False)
    _drops: deque[tuple[int, int]] = field(default_factory=deque, init=False, compare=False, repr=False)

    def expect(self, drops: Sequence[int]) -> None:
        """Sockets will drop at these times, in nanoseconds, in order."""
        self._drops = deque(enumerate(drops))

    def done(self, sequence: int, at: int, deadline_ns: int) -> None:
        """Message ``sequence`` was sent, whatever came of it; ``at`` is now, in nanoseconds."""
        while self._drops and self._drops[0][1] <= at:
            self._drop(deadline_ns)
        self.recent.append((sequence, at))
        while self.recent and self.recent[0][1] < at - deadline_ns:
            self.settled = self.recent.popleft()[0]

    def over(self, deadline_ns: int) -> None:
        """Nothing more will be sent."""
        while self._drops:
            self._drop(deadline_ns)

    def _drop(self, deadline_ns: int) -> None:
        number, at = self._drops.popleft()
        before = [sequence for sequence, when in self.recent if when < at - deadline_ns]
        self.dropped[number] = before[-1] if before else self.settled

    def doubt(self, at: int, deadline_ns: int) -> None:
        """Nobody knows any more whether what was sent less than a deadline before ``at`` was taken."""
        for n, when in self.recent:
            if when >= at - deadline_ns and n not in self.refused:
                self.unanswered.add(n)

    def acknowledged(self, runs: Iterable[Run]) -> Iterator[Run]:
        """What of ``runs`` was acknowledged."""
        for numbers in (self.unanswered, self.refused):
            runs = without(runs, numbers.runs()) if numbers else runs
        return iter(runs)


@dataclass(frozen=True, slots=True)
class Audit:
    """What the ledger comes to. ``heard`` counts deliveries that were expected and came; ``lost`` is the rest of ``expected``.
    ``excused`` were acknowledged while a listener was away, or so near to it that nobody can ask for them."""

    expected: int
    heard: int
    excused: int
    counts: Mapping[str, int]
    anomalies: tuple[Anomaly, ...]


def _at_the_start(sender: str, sequence: int) -> int:
    return 0


class Ledger:
    """The ledger of the listeners and senders of one process; merged with those of others before it is judged."""

    def __init__(self, run: str, planned: Mapping[str, int]) -> None:
        """``planned`` says how many messages each sender will send at the most."""
        self.run = run
        self.planned = dict(planned)
        self.must: dict[str, frozenset[str]] = {}
        self.may: dict[str, frozenset[str]] = {}
        # By sender, then by listener: whoever hears one message in bulk looks up its sender once.
        self.windows: dict[str, dict[str, Window]] = {}
        self.sent: dict[str, Sent] = {}
        self.counts: dict[str, int] = {}
        self.anomalies: list[Anomaly] = []
        self.deaf: set[str] = set()
        # By listener and sender, and the number of each time that the listener dropped: the last message due before it was back.
        self.away: dict[tuple[str, str], dict[int, int]] = {}
        # Many listeners have the same senders, so they have one set of them.
        self._same: dict[frozenset[str], frozenset[str]] = {}

    def gone(self, listeners: Iterable[str]) -> None:
        """What these have heard is not all known: their process died, or its last report is an old one. They miss nothing."""
        self.deaf.update(listeners)

    def listen(self, listener: str, must: Iterable[str], may: Iterable[str] = ()) -> None:
        """From now on ``listener`` has to hear the senders in ``must``, and may hear those in ``may``."""
        self.must[listener], self.may[listener] = (
            self._same.setdefault(each, each) for each in (frozenset(must), frozenset(may))
        )

    def about_to_drop(self, listener: str) -> None:
        """In as long as one broadcast may take, ``listener`` will drop: what it heard up to now, no new socket may hear again."""
        for sender in self.must[listener]:
            if (window := self.window(listener, sender)) is not None:
                window.about_to_drop()

    def dropped(self, listener: str, number: int) -> None:
        """``listener`` dropped, for the time of that number (from 0), and is away."""
        for sender in self.must[listener]:
            self.away.setdefault((listener, sender), {})[number] = _NEVER
            if (window := self.window(listener, sender)) is not None:
                window.dropped()

    def returned(self, listener: str, number: int, before: Callable[[str], int]) -> None:
        """``listener`` is back; ``before`` gives the last message of a sender that was due before it was."""
        for sender in self.must[listener]:
            self.away[listener, sender][number] = before(sender)

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
        windows = self.windows.setdefault(sender, {})
        if (window := windows.get(listener)) is None:
            window = windows[listener] = Window()
        came = window.hear(sequence)
        if came in ("reordered", "duplicated"):
            self._note(came, at, listener, sender, sequence)
        return came in ("heard", "reordered")

    def window(self, listener: str, sender: str) -> Window | None:
        """What ``listener`` has heard of ``sender``, whom it has to hear; None if nothing yet."""
        return self.windows.get(sender, {}).get(listener)

    def hearers(self, stamp: Stamp) -> Mapping[str, Window]:
        """The windows of all who must hear the sender of ``stamp`` and have done so before, by listener, now and later; none where nobody
        sends that. Whoever finds that its number follows the highest of a window may raise that, which is all that ``hear`` does then."""
        if stamp.run != self.run or not 0 < stamp.sequence <= self.planned.get(stamp.sender, 0):
            return _NOBODY
        return self.windows.setdefault(stamp.sender, {})

    def _note(self, kind: str, at: int, listener: str, sender: str, sequence: int) -> bool:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.anomalies.append(Anomaly(at, kind, listener, sender, sequence))
        if len(self.anomalies) > 2 * MOST:
            self._bound()
        return False

    def _bound(self) -> None:
        # The earliest of all, whoever kept them: so it does not matter in which order ledgers are merged.
        self.anomalies = sorted(self.anomalies)[:MOST]

    def rebase(self, start: int) -> None:
        """Count times from ``start``; what was before is at 0."""
        self.anomalies = [replace(one, at=max(0, one.at - start)) for one in self.anomalies]

    def merge(self, other: Ledger) -> None:
        """Add what another process has seen. Raises ValueError when both have the same listener or sender."""
        if twice := (self.must.keys() & other.must.keys()) | (self.sent.keys() & other.sent.keys()):
            raise ValueError(f"two ledgers of {', '.join(sorted(twice))}")
        self.planned.update(other.planned)
        self.must.update(other.must)
        self.may.update(other.may)
        for sender, windows in other.windows.items():
            self.windows.setdefault(sender, {}).update(windows)
        self.sent.update(other.sent)
        self.away.update(other.away)
        for kind, count in other.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        self.anomalies += other.anomalies
        self._bound()

    def is_complete(self, sent: Mapping[str, Sent]) -> bool:
        """Whether all that ``sent`` says was acknowledged has been heard by every listener of this ledger that must hear it."""
        return next(self.missing(sent), None) is None

    def missing(self, sent: Mapping[str, Sent]) -> Iterator[tuple[str, str, Run]]:
        """What ``sent`` says was acknowledged, and a listener of this ledger that must hear it has not heard: listener, sender, numbers."""
        for listener, sender, out, window in self._pairs(sent):
            runs = without(window.missing(out.issued), self._excused(listener, sender, out))
            for run in out.acknowledged(runs):
                yield listener, sender, run

    def _pairs(self, sent: Mapping[str, Sent]) -> Iterator[tuple[str, str, Sent, Window]]:
        for listener, senders in self.must.items():
            for sender in sorted(senders & sent.keys()):
                yield listener, sender, sent[sender], self.window(listener, sender) or _NOTHING

    def _excused(self, listener: str, sender: str, out: Sent) -> list[Run]:
        """The numbers that ``listener`` need not hear, since it was away."""
        away = self.away.get((listener, sender), {})
        # A time of which the sender has not told yet may excuse all before it.
        found = sorted((out.dropped.get(number, 0) + 1, last + 1) for number, last in away.items())
        runs: list[Run] = []
        for begin, end in found:
            if runs and begin <= runs[-1][1]:
                runs[-1] = runs[-1][0], max(end, runs[-1][1])
            elif begin < end:
                runs.append((begin, end))
        return runs

    def judge(self, drained: bool = True, due_at: Due = _at_the_start) -> Audit:
        """What it all comes to; ``due_at`` is the timetable. Without a drain, what was answered a moment ago and is not heard yet is not
        expected yet."""
        expected = excused = 0
        counts = dict.fromkeys(KINDS, 0) | self.counts
        found: list[Anomaly] = []

        def note(kind: str, listener: str, sender: str, numbers: Iterable[int]) -> None:
            for count, sequence in enumerate(numbers):
                counts[kind] += 1
                # The earliest are shown, and of one listener and sender these are the first.
                if count < MOST:
                    found.append(Anomaly(due_at(sender, sequence), kind, listener, sender, sequence))
            if len(found) > 2 * MOST:
                found[:] = sorted(found)[:MOST]

        sent = self.known()
        for listener, sender, out, window in self._pairs(sent):
            everything = size(out.acknowledged([(1, out.issued + 1)]))
            due = without([(1, out.issued + 1)], self._excused(listener, sender, out))
            here = size(out.acknowledged(due))
            expected += here
            excused += everything - here
            for kind, numbers in (("recovered", out.unanswered), ("phantom", out.refused)):
                last = window.high if drained or kind == "phantom" else min(window.high, out.settled)
                note(kind, listener, sender, _each(without(up_to(numbers.runs(), last), window.gaps.runs())))
            if drained:  # else the sender's report may be older than the listener's
                beyond = without([(out.issued + 1, window.high + 1)], window.gaps.runs())
                note("phantom", listener, sender, _each(beyond))
        for listener, sender, run in self.missing(sent):
            settled = sent[sender].issued if drained else sent[sender].settled
            late = [] if listener in self.deaf else list(up_to([run], settled))
            note("lost", listener, sender, _each(late))
            expected -= size([run]) - size(late)
        return Audit(
            expected,
            expected - counts["lost"],
            excused,
            counts,
            tuple(sorted([*self.anomalies, *found])[:MOST]),
        )

    def known(self) -> dict[str, Sent]:
        """What each sender sent, by all that is known in the end."""
        return {name: self._known(name, out) for name, out in self.sent.items()}

    def _known(self, name: str, out: Sent) -> Sent:
        """``out`` without those unanswered that a socket did take: one listener has heard them, so all were due to hear them."""
        if not out.spoken or not out.unanswered:
            return out
        windows = self.windows.get(name, {}).values()
        return replace(
            out,
            unanswered=Numbers(n for n in out.unanswered if not any(window.has(n) for window in windows)),
        )

    # -- the way to another process -----------------------------------------------------------------------------------------

    def dump(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "run": self.run,
            "planned": dict(self.planned),
            "listeners": [[name, sorted(must), sorted(self.may[name])] for name, must in self.must.items()],
            "windows": [
                [listener, sender, window.high, [*window.gaps.dump()]]
                for sender, windows in self.windows.items()
                for listener, window in windows.items()
            ],
            "away": [[*key, [[*each] for each in times.items()]] for key, times in self.away.items()],
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
            ledger.windows.setdefault(str(sender), {})[str(listener)] = Window(whole(high), _numbers(gaps))
        for listener, sender, times in map(_list, _list(value["away"])):
            ledger.away[str(listener), str(sender)] = {
                whole(number): whole(last) for number, last in map(_list, _list(times))
            }
        ledger.sent = {name: load_sent(_map(sent)) for name, sent in _map(value["sent"]).items()}
        ledger.counts = {kind: whole(count) for kind, count in _map(value["counts"]).items()}
        for at, kind, listener, sender, sequence in map(_list, _list(value["anomalies"])):
            ledger.anomalies.append(
                Anomaly(whole(at), str(kind), str(listener), str(sender), whole(sequence))
            )
        return ledger


_NOTHING: Final = Window()
_NOBODY: Final[Mapping[str, Window]] = MappingProxyType({})


def _each(runs: Iterable[Run]) -> Iterator[int]:
    return (number for begin, end in runs for number in range(begin, end))


def dump_sent(sent: Sent) -> dict[str, Json]:
    """As JSON."""
    return {
        "issued": sent.issued, "settled": sent.settled, "unanswered": [*sent.unanswered.dump()], "refused": [*sent.refused.dump()],
        "spoken": sent.spoken, "dropped": [[*each] for each in sent.dropped.items()],
    }  # fmt: skip


def load_sent(value: Mapping[str, Json]) -> Sent:
    """What ``dump_sent`` gave."""
    return Sent(
        whole(value["issued"]), whole(value["settled"]), _numbers(value["unanswered"]), _numbers(value["refused"]), bool(value["spoken"]),
        {whole(number): whole(settled) for number, settled in map(_list, _list(value["dropped"]))},
    )  # fmt: skip


def _numbers(value: Json) -> Numbers:
    return Numbers.load(map(whole, _list(value)))


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list | tuple)
    return list(value)


def _map(value: Json) -> Mapping[str, Json]:
    assert isinstance(value, Mapping)
    return value
