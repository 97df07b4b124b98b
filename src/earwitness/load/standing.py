"""How a load stands while it runs: what is heard, not heard yet and lost so far, its service levels by now, and who generates it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from earwitness.history import Json
from earwitness.load.clock import ONE_CLOCK, Clocks
from earwitness.load.figures import Histogram
from earwitness.load.lacking import lacking, settled
from earwitness.load.ledger import KINDS, Ledger
from earwitness.load.numbers import size, up_to
from earwitness.load.outcome import Finer, figures_of, last_listener, said_of
from earwitness.load.pacing import Pace
from earwitness.load.part import TIMES, Part
from earwitness.load.profile import Profile
from earwitness.load.slo import judge_slo

# Milliseconds of each second that may go to look for what is missing: where sockets are listened to so little that it shows in no
# percentile; a master has nothing else to do.
ALONE_MS: Final = 5.0
APART_MS: Final = 60.0
# What it takes for one listener and sender to say how long the last one took, and what of the unanswered and the refused was heard.
_LAST_MS: Final = 0.003
_JUDGED_MS: Final = 0.02
# So many messages are gone through each time, for a service level of the last listener.
_MOST_MESSAGES: Final = 5_000
# An answer may take so long before its message counts as not acknowledged.
_ON_ITS_WAY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of a load has seen so far: its name, its part, and how many seconds ago it told."""

    name: str
    part: Part
    told_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a load is: its phase (``opening``, ``sending``, ``draining``), its timetable and the seconds since its start, how many sockets
    it shall have; ``settled`` says, by sender, up to which message every process has told since its deadline was over; ``clocks`` is
    what is known of them; ``most_ms`` is how long it may take to look for what is missing."""

    phase: str
    pace: Pace
    ran_s: float
    sockets: int
    settled: Mapping[str, int]
    most_ms: float = ALONE_MS
    clocks: Clocks = ONE_CLOCK


def standing(profile: Profile, processes: Sequence[Process], at: Moment) -> dict[str, Json]:
    """How the load stands, as JSON.

    A delivery is *lost so far* if its message was acknowledged, its deadline is over, and the listener's process has told since; one
    that is acknowledged and may still come is *not heard yet*. Both are None where looking for them would take too long.
    """
    whole = _whole(processes, at.settled)
    pairs = sum(map(len, whole.ledger.must.values()))
    lost, not_yet = _missing(whole.ledger, at.most_ms)
    counts = {**_counts(whole.ledger, pairs * _JUDGED_MS <= at.most_ms), "lost": lost}
    finer = Finer(at.clocks)
    issued, unanswered, refused = _sent(whole.ledger)
    acknowledged, due = issued - unanswered - refused, at.pace.due_before(at.ran_s)
    # What was due by then is answered by now, or late; what is due later may be on its way, or in a report that is still to come.
    told = at.pace.due_before(at.ran_s - max((one.told_s for one in processes), default=0.0) - _ON_ITS_WAY_S)
    asks = any(slo.metric == "last-listener" for slo in profile.slos)
    is_short = at.pace.messages <= _MOST_MESSAGES and pairs * _LAST_MS <= at.most_ms
    last = last_listener(whole) if asks and is_short else Histogram()
    achieved = min(100.0, round(100 * acknowledged / told, 2)) if told else None
    figures = figures_of(said_of(whole, last), counts, whole.contract.invalid, achieved)
    results = [judge_slo(slo, figures) for slo in profile.slos]
    delivery = whole.times["delivery"]
    return {
        "phase": at.phase,
        "left_s": round(max(0.0, at.pace.seconds - at.ran_s), 1),
        "sockets": {"connected": _connected(whole, at), "planned": at.sockets, "closed": len(whole.closed)},
        "messages": {"offered": due, "planned": at.pace.messages, "acknowledged": acknowledged, "unanswered": unanswered, "refused": refused},
        "audit": {"heard": delivery.n, "not_heard_yet": not_yet, **counts, "invalid": whole.contract.invalid},
        "latency_ms": {"p50": finer(delivery.milliseconds(50)), "p99": finer(delivery.milliseconds(99)), "max": finer(delivery.milliseconds(100))},
        "slo": [{"slo": one.slo.text, "measured": finer.least(one), "held": one.held} for one in results],
        "processes": [_told(one) for one in processes],
    }  # fmt: skip


def stood(record: Mapping[str, Any], exit_code: int, told: Collection[str]) -> dict[str, Json]:
    """What a load came to, in the same form: ``record`` is the part ``load`` of results.json, ``told`` are the lines of its summary."""
    messages, audit = record["messages"], record["audit"]
    return {
        "phase": "over",
        "left_s": 0.0,
        "messages": {
            "offered": sum(record["series"]["due"]),
            "planned": sum(messages[name] for name in ("acknowledged", "unanswered", "refused", "unsent")),
            **{name: messages[name] for name in ("acknowledged", "unanswered", "refused")},
        },
        "audit": {
            "heard": audit["heard"], "not_heard_yet": 0 if record["drained"] else None,
            **{kind: audit[kind] for kind in KINDS}, "invalid": record["contract"]["invalid"],
        },
        "latency_ms": {name: record["latency_ms"][name] for name in ("p50", "p99", "max")},
        "slo": list(record["slo"]),
        "outcome": {"ended": record["outcome"], "exit_code": exit_code, "reason": record["reason"], "summary": list(told)},
    }  # fmt: skip


def _whole(processes: Sequence[Process], settled: Mapping[str, int]) -> Part:
    """What all processes have seen, without what only the end needs: who heard what in which second."""
    first = processes[0].part if processes else Part(Ledger("", {}))
    made = Part(Ledger(first.ledger.run, first.ledger.planned))
    for one in processes:
        made.ledger.merge(one.part.ledger)
        for name in TIMES:
            made.times[name].merge(one.part.times[name])
        made.last.merge(one.part.last)
        made.closed.update(one.part.closed)
        made.contract.invalid += one.part.contract.invalid
    # The report of a sender may be newer than a listener's, which then cannot have what that one says is over.
    made.ledger.sent = {
        name: replace(out, settled=min(out.settled, settled.get(name, 0)))
        for name, out in made.ledger.sent.items()
    }
    return made


def _sent(ledger: Ledger) -> tuple[int, int, int]:
    sent = ledger.sent.values()
    return (
        sum(s.issued for s in sent),
        sum(len(s.unanswered) for s in sent),
        sum(len(s.refused) for s in sent),
    )


def _connected(whole: Part, at: Moment) -> int:
    """Nothing is sent before all sockets are open; who returns later opens again."""
    opened = min(whole.times["connect"].n, at.sockets) if at.phase == "opening" else at.sockets
    return max(0, opened - len(whole.closed))


def _missing(ledger: Ledger, most_ms: float) -> tuple[int | None, int | None]:
    """Deliveries that are lost so far, and that are not heard yet."""
    sent = ledger.known()
    over = settled(sent, {name: out.settled for name, out in sent.items()})
    lost, both = lacking([ledger], over, sent, most_ms=most_ms)
    return lost, None if lost is None or both is None else both - lost


def _counts(ledger: Ledger, looks: bool) -> dict[str, int | None]:
    """What has been counted of each kind; None for what would have to be looked for, and nobody ``looks``."""
    counts: dict[str, int | None] = {kind: ledger.counts.get(kind, 0) for kind in KINDS}
    is_clear = not any(
        out.refused or size(up_to(out.unanswered.runs(), out.settled)) for out in ledger.sent.values()
    )
    if not is_clear:
        found = ledger.judge(drained=False).counts if looks else {}
        counts |= {kind: found.get(kind) for kind in ("recovered", "phantom")}
    return counts


def _told(one: Process) -> dict[str, Json]:
    lag = one.part.times["lag"]
    return {
        "name": one.name,
        "sockets": len(one.part.ledger.must),
        "heard": one.part.times["delivery"].n,
        "lag_p99_ms": lag.milliseconds(99),
        "lag_ms": lag.milliseconds(100),
        "cpu": round(one.part.cpu, 3) if lag.n else None,
        "told_s": round(one.told_s, 1),
    }
