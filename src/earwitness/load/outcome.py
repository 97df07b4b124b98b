"""What a load came to: the part ``load`` of results.json, and its exit code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from earwitness.errors import ExitCode, worst
from earwitness.history import Json
from earwitness.load.clock import ONE_CLOCK, Clocks
from earwitness.load.contract import SHOWN, Contract
from earwitness.load.doubt import BETWEEN_MACHINES, PERCENTS, Own, is_in_doubt
from earwitness.load.figures import COARSE, FINE, Histogram
from earwitness.load.ledger import Anomaly, Due
from earwitness.load.numbers import Run, without
from earwitness.load.pacing import Pace, Poisson
from earwitness.load.part import Part, Second
from earwitness.load.profile import Profile
from earwitness.load.slo import COUNTS, STATISTICS, SloResult, judge_slo

# A process that used more of its core than this was the limit itself.
BUSY: Final = 0.85
# One that was kept from running for more of the time than this, by whatever else the machine did, sent late: what waits for its turn to be sent
# waits far longer than any one wait of ours says.
HELD_UP: Final = 0.25
_DISTRIBUTION: Final = (50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99)
_SILENT: Final = Second()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a load besides its figures: where it ran, in what rooms, who sent (in the order of the timetable), when it began
    (seconds of the epoch; None: never) and for how many seconds it ran, how it ended (``finished``, ``interrupted``, ``died``,
    ``inconclusive``) and why, whether it was judged after a drain, over how many processes, what takes secrets out of a text, the line that
    repeats it, how far the clocks can be compared, and on what it was generated."""

    api: str
    deployment: str
    run: str
    note: str
    room: Mapping[str, Json] = field(default_factory=dict)
    senders: Sequence[str] = ()
    started: float | None = None
    ran_s: float = math.inf
    ended: str = "finished"
    reason: str = ""
    drained: bool = True
    processes: int = 1
    sockets: int = 0
    redact: Callable[[str], str] = str
    command: str = ""
    clocks: Clocks = ONE_CLOCK
    environment: Mapping[str, Json] = field(default_factory=dict)
    versions: Mapping[str, Json] = field(default_factory=dict)


def outcome(profile: Profile, part: Part, about: Circumstances) -> tuple[ExitCode, dict[str, Json]]:
    """The exit code, and what results.json holds under ``load``."""
    pace = profile.pace(max(1, len(about.senders)))
    audit = part.ledger.judge(about.drained, _due(pace, about.senders))
    last = last_listener(part)
    sent = part.ledger.known().values()
    unanswered, refused = sum(len(one.unanswered) for one in sent), sum(len(one.refused) for one in sent)
    issued = sum(one.issued for one in sent)
    acknowledged = issued - unanswered - refused
    # The last message is due one step before the end; the time that sending took is counted to the last answer.
    span = max((second + 1 for second, row in part.seconds.items() if row.acknowledged), default=0)
    achieved = acknowledged / max(profile.seconds, span - 1, 1e-9) if span else 0.0
    offered = round(pace.rate, 3)
    share = round(100 * acknowledged / profile_messages(part), 2) if profile_messages(part) else None
    said = said_of(part, last)
    figures = figures_of(said, audit.counts, part.contract.invalid, share)
    results = [judge_slo(slo, figures) for slo in profile.slos]
    saturated, held_up = part.cpu > BUSY, part.held > HELD_UP
    own = Own(woke=part.times["lag"], waited=part.times["self-lag"])
    doubts = [
        is_in_doubt(one, said.get(one.slo.metric), own, about.clocks, limiting=saturated or held_up)
        # A busy generator closes sockets on what it has not read yet.
        or (saturated and one.held is False and one.slo.metric == "lost" and bool(profile.drops()))
        for one in results
    ]
    finer = Finer(about.clocks)
    code = exit_code(results, doubts, about, saturated or not audit.expected)
    return code, {
        "api": about.api,
        "deployment": about.deployment,
        "profile": profile.name,
        "note": about.note,
        **({"room": dict(about.room)} if about.room else {}),
        "outcome": about.ended,
        "reason": about.reason,
        "drained": about.drained,
        "started": about.started,
        "sockets": about.sockets,
        "messages": {
            "acknowledged": acknowledged,
            "unanswered": unanswered,
            "refused": refused,
            "unsent": profile_messages(part) - issued,
        },
        "audit": {"expected": audit.expected, "heard": audit.heard, **{name: audit.counts[name] for name in COUNTS}},
        "latency_ms": {stat.replace(".", ""): finer(part.times["delivery"].milliseconds(p)) for stat, p in PERCENTS.items()},
        "excused": audit.excused,
        "answer_ms": {stat.replace(".", ""): part.times["answer"].milliseconds(p) for stat, p in PERCENTS.items()},
        "connect_ms": {stat.replace(".", ""): part.times["connect"].milliseconds(p) for stat, p in PERCENTS.items()},
        **({"read_ms": {stat.replace(".", ""): part.times["read"].milliseconds(p) for stat, p in PERCENTS.items()}} if part.reads else {}),
        "reads": dict(part.reads),
        "typed": part.typed,
        "plan": {"pace": _told(pace), "seconds": profile.seconds, "drops": len(profile.drops())},
        "clocks": _clocks(about.clocks),
        "precision": {"latency": 2.0 ** -(FINE + 1), "series": 2.0 ** -(COARSE + 1)},
        "last_listener_ms": {stat.replace(".", ""): finer(last.milliseconds(p)) for stat, p in PERCENTS.items()},
        "rate": {"offered": offered, "achieved": round(achieved, 3)},
        "generator": {
            "lag_ms": part.times["lag"].milliseconds(100) or 0.0,
            "lag_p99_ms": part.times["lag"].milliseconds(99) or 0.0,
            "cpu": round(part.cpu, 3),
            "held": round(part.held, 3),
            **_self_lag(part),
            "processes": about.processes,
            "saturated": saturated,
            "trust": trust(part, saturated),
        },
        "slo": [
            {"slo": one.slo.text, "measured": finer.least(one), "held": None if doubt else one.held}
            for one, doubt in zip(results, doubts, strict=True)
        ],
        "anomalies": list(_groups(audit.anomalies)),
        "closed": _by_reason(part.closed),
        "presence": dict(part.presence),
        "contract": _contract(part.contract, about),
        "series": series(part, pace, about.ran_s, finer),
        "distribution": [pair for pair in distribution(part.times["delivery"]) if finer(pair[1]) is not None],
        # Who takes part and what they send follows from the profile; when, as well, unless the pace is one of chance.
        "seed": pace.shape.seed if isinstance(pace.shape, Poisson) else None,
        "command": about.command,
        "environment": dict(about.environment),
        "versions": dict(about.versions),
    }  # fmt: skip


def figures_of(
    said: Mapping[str, Histogram], counts: Mapping[str, int | None], invalid: int, achieved: float | None
) -> dict[str, float | None]:
    """What service levels are judged over, by metric, or by metric and statistic: what took time is ``said``, and of ``counts`` None is
    not known."""
    figures: dict[str, float | None] = {}
    for name, count in counts.items():
        figures[name] = None if count is None else float(count)
    for name, times in said.items():
        figures |= {f"{name} {stat}": times.milliseconds(PERCENTS[stat]) for stat in STATISTICS}
    return {**figures, "invalid": float(invalid), "achieved": achieved}


def said_of(part: Part, last: Histogram) -> dict[str, Histogram]:
    """What took time, by the metric of service levels."""
    return {
        **{name: part.times[name] for name in ("delivery", "answer", "connect", "read")},
        "last-listener": last,
    }


def _due(pace: Pace, senders: Sequence[str]) -> Due:
    numbers = {name: number for number, name in enumerate(senders)}
    return lambda sender, sequence: pace.due(numbers.get(sender, 0), sequence)


class Finer:
    """Keeps of figures in milliseconds those that are no finer than what is known of the clocks."""

    def __init__(self, clocks: Clocks) -> None:
        self._least = clocks.bound / 1e6

    def __call__(self, figure: float | None) -> float | None:
        return None if figure is None or figure < self._least else figure

    def least(self, one: SloResult) -> float | None:
        """What a service level measured, or what the clocks can tell from it."""
        is_bound = (
            one.measured is not None and one.slo.metric in BETWEEN_MACHINES and one.measured < self._least
        )
        return (None if math.isinf(self._least) else round(self._least, 3)) if is_bound else one.measured


def _clocks(clocks: Clocks) -> dict[str, Json]:
    """What the record says of the clocks of several machines."""
    if clocks.machines < 2:
        return {"machines": clocks.machines, "bound_ms": 0.0, "trust": "one machine, one clock"}
    if clocks.reason:
        return {
            "machines": clocks.machines,
            "bound_ms": None,
            "trust": f"deliveries have no times: {clocks.reason}",
        }
    bound = f"deliveries from one machine to another may have taken {clocks.bound_ms:g} ms more or less than is said"
    told = f"{bound}; what is finer than that is left out"
    return {"machines": clocks.machines, "bound_ms": clocks.bound_ms, "trust": told}


def _told(pace: Pace) -> dict[str, Json]:
    """The pace as a record tells it; of a trace how many messages it has."""
    told = pace.shape.dump()
    return {"kind": "trace", "messages": pace.messages} if told["kind"] == "trace" else told


def series(
    part: Part,
    pace: Pace,
    ran_s: float = math.inf,
    finer: Callable[[float | None], float | None] = lambda figure: figure,
) -> dict[str, Json]:
    """Columns with a row for every second, from the first until all was due (or the end, after ``ran_s``) and nothing more was heard.

    A delivery counts in the second in which it was heard; percentiles are those of the second, None where nothing was heard. ``finer``
    leaves out what the clocks are too coarse for.
    """
    last = max(math.ceil(min(pace.seconds, ran_s)), max(part.seconds, default=-1) + 1)
    rows = [part.seconds.get(number, _SILENT) for number in range(last)]
    lagged = [row.lagged.milliseconds(99) for row in rows] if part.times["self-lag"].n else []
    return {
        "second": list(range(last)),
        "due": [pace.due_in(number) for number in range(last)],
        "acknowledged": [row.acknowledged for row in rows],
        "heard": [row.heard.n for row in rows],
        "p50_ms": [finer(row.heard.milliseconds(50)) for row in rows],
        "p99_ms": [finer(row.heard.milliseconds(99)) for row in rows],
        "max_ms": [finer(row.heard.milliseconds(100)) for row in rows],
        **({"self_lag_p99_ms": [*lagged]} if lagged else {}),
    }


def distribution(times: Histogram) -> list[list[float | None]]:
    """Percentiles and their milliseconds; of the high ones those above which there is a value at least."""
    enough = [percent for percent in _DISTRIBUTION if times.n * (100 - percent) >= 100 - 1e-6]
    return [[percent, times.milliseconds(percent)] for percent in (*enough, *([100.0] if times.n else []))]


def profile_messages(part: Part) -> int:
    """How many messages were to be sent in all."""
    return sum(part.ledger.planned.values())


def exit_code(
    results: Sequence[SloResult], doubts: Sequence[bool], about: Circumstances, inconclusive: bool
) -> ExitCode:
    """What the service levels and the way it ended cost. A miss that is in doubt is no evidence either way."""
    codes = [ExitCode.INCONCLUSIVE] if inconclusive else []
    for one, doubt in zip(results, doubts, strict=True):
        if one.held is None or doubt:
            codes.append(ExitCode.INCONCLUSIVE)
        elif not one.held:
            codes.append(ExitCode.BREACHED)
    ends = {
        "interrupted": ExitCode.INTERRUPTED,
        "died": ExitCode.COULD_NOT_TEST,
        "inconclusive": ExitCode.INCONCLUSIVE,
    }
    codes += [ends[about.ended]] if about.ended in ends else []
    return worst(codes)


def trust(part: Part, saturated: bool) -> str:
    """One sentence on how far the figures can be trusted."""
    lag = part.times["lag"]
    if not lag.n and not saturated:
        return "nothing was measured, of the generator neither"
    waited = part.times["self-lag"]
    read = f", read up to {waited.milliseconds(99):.1f} ms late" if waited.n else ""
    own = f"the generator itself woke up to {lag.milliseconds(99) or 0:.1f} ms late (p99; {lag.milliseconds(100) or 0:.1f} ms at worst){read}"
    if saturated:
        return f"not at all for times: {own} and used {part.cpu:.0%} of a core, so it was the limit; counts stand"
    if part.held > HELD_UP:
        return f"not for times that are too long: {own} and was kept from running for {part.held:.0%} of the time; counts stand"
    return f"{own}, and used {part.cpu:.0%} of a core. Counts are exact"


def last_listener(part: Part) -> Histogram:
    """Of the messages that all have heard who had to: how long until the last of them did."""
    hearers: dict[str, list[str]] = {}
    for listener, senders in part.ledger.must.items():
        for sender in senders:
            hearers.setdefault(sender, []).append(listener)
    heard: dict[str, Iterator[Run]] = {}
    for sender, them in hearers.items():
        windows = [part.ledger.window(one, sender) for one in them]
        holes = sorted({run for window in windows if window for run in window.gaps.runs()})
        lowest = min(window.high if window else 0 for window in windows)
        heard[sender] = without([(1, lowest + 1)], holes)
    return part.last.spread(heard)


def _self_lag(part: Part) -> dict[str, Json]:
    """How long deliveries had waited for us, as far as the kernel told; nothing where it told nothing."""
    waited = part.times["self-lag"]
    if not waited.n:
        return {}
    return {
        "self_lag_ms": {stat.replace(".", ""): waited.milliseconds(p) for stat, p in PERCENTS.items()},
        "self_lag_of": {"deliveries": waited.n, "bounds": part.bounded},
    }


def _groups(anomalies: Iterable[Anomaly]) -> Iterator[Json]:
    """Anomalies by message and kind, each with all who were concerned, in the order of the time."""
    groups: dict[tuple[str, str, int], list[Anomaly]] = {}
    for one in anomalies:
        groups.setdefault((one.kind, one.sender, one.sequence), []).append(one)
    for (kind, sender, sequence), them in groups.items():
        at = round(min(one.at for one in them) / 1e9, 3)
        listeners: list[Json] = [one.listener for one in them]
        yield {"kind": kind, "sender": sender, "sequence": sequence, "at_s": at, "listeners": listeners}


def _by_reason(closed: Mapping[str, str]) -> dict[str, Json]:
    """The listeners whose sockets the other side closed, by the reason."""
    reasons = sorted(set(closed.values()))
    return {why: [name for name in sorted(closed) if closed[name] == why] for why in reasons}


def _contract(contract: Contract, about: Circumstances) -> dict[str, Json]:
    """What broke the contract, in the order in which it was first heard."""
    findings: list[Json] = []
    for cause, one in sorted(contract.found.items(), key=lambda item: (item[1].first, item[0])):
        text = about.redact(one.text)
        findings.append({
            "check": one.check, "cause": cause, "message": about.redact(one.message), "note": one.note, "count": one.count,
            "first_at_s": round(one.first / 1e9, 3),
            "text": text[:SHOWN] + ("…" if len(text) > SHOWN else ""),
            **({"known": about.redact(one.known)} if one.known else {}),
        })  # fmt: skip
    return {
        "frames": contract.frames, "distinct": contract.distinct, "answers": contract.answers, "invalid": contract.invalid,
        "findings": findings,
    }  # fmt: skip
