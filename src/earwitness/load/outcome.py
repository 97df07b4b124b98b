"""What a load came to: the part ``load`` of results.json, its exit code, and the lines in which people read it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from earwitness.errors import ExitCode, worst
from earwitness.history import Json
from earwitness.load.contract import SHOWN, Contract
from earwitness.load.figures import Histogram
from earwitness.load.ledger import Anomaly
from earwitness.load.pacing import Pace
from earwitness.load.part import Part, Second
from earwitness.load.profile import Profile
from earwitness.load.slo import COUNTS, STATISTICS, TIMES, SloResult, judge_slo

# A process that used more of its core than this was the limit itself.
BUSY: Final = 0.85
# Groups of anomalies that the summary shows, and names that it shows of each; results.json has them all.
_SHOWN, _NAMES = 20, 6
_PERCENTS: Final = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99.9": 99.9, "max": 100.0}
_DISTRIBUTION: Final = (50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99)
_SILENT: Final = Second()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a load besides its figures: where it ran, in what rooms, from when (monotonic nanoseconds; None: it never
    began) and for how many seconds, how it ended (``finished``, ``interrupted``, ``died``) and why, whether it was judged after a
    drain, over how many processes, what takes secrets out of a text, the line that repeats it, and on what it was generated."""

    api: str
    deployment: str
    run: str
    note: str
    room: Mapping[str, Json] = field(default_factory=dict)
    start: int | None = None
    ran_s: float = math.inf
    ended: str = "finished"
    reason: str = ""
    drained: bool = True
    processes: int = 1
    sockets: int = 0
    redact: Callable[[str], str] = str
    command: str = ""
    environment: Mapping[str, Json] = field(default_factory=dict)
    versions: Mapping[str, Json] = field(default_factory=dict)


def outcome(profile: Profile, part: Part, about: Circumstances) -> tuple[ExitCode, dict[str, Json]]:
    """The exit code, and what results.json holds under ``load``."""
    audit = part.ledger.judge(about.drained)
    whole = _whole_last(part)
    sent = part.ledger.known().values()
    unanswered, refused = sum(len(one.unanswered) for one in sent), sum(len(one.refused) for one in sent)
    issued = sum(one.issued for one in sent)
    acknowledged = issued - unanswered - refused
    # The last message is due one step before the end; the time that sending took is counted to the last answer.
    span = max((second + 1 for second, row in part.seconds.items() if row.acknowledged), default=0)
    achieved = acknowledged / max(profile.seconds, span - 1, 1e-9) if span else 0.0
    offered = profile.rate
    figures: dict[str, float | None] = {name: float(audit.counts[name]) for name in COUNTS}
    for name in ("delivery", "answer", "connect"):
        figures |= {f"{name} {stat}": part.times[name].milliseconds(_PERCENTS[stat]) for stat in STATISTICS}
    figures |= {f"last-listener {stat}": _exact(whole, _PERCENTS[stat]) for stat in STATISTICS}
    figures["invalid"] = float(part.contract.invalid)
    figures["achieved"] = (
        round(100 * acknowledged / profile_messages(part), 2) if profile_messages(part) else None
    )
    results = [judge_slo(slo, figures) for slo in profile.slos]
    saturated = part.cpu > BUSY
    doubts = [_in_doubt(one, saturated, part.times["lag"]) for one in results]
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
        "sockets": about.sockets,
        "messages": {
            "acknowledged": acknowledged,
            "unanswered": unanswered,
            "refused": refused,
            "unsent": profile_messages(part) - issued,
        },
        "audit": {"expected": audit.expected, "heard": audit.heard, **{name: audit.counts[name] for name in COUNTS}},
        "latency_ms": {stat.replace(".", ""): part.times["delivery"].milliseconds(p) for stat, p in _PERCENTS.items()},
        "answer_ms": {stat.replace(".", ""): part.times["answer"].milliseconds(p) for stat, p in _PERCENTS.items()},
        "connect_ms": {stat.replace(".", ""): part.times["connect"].milliseconds(p) for stat, p in _PERCENTS.items()},
        "last_listener_ms": {stat: _exact(whole, _PERCENTS[stat]) for stat in ("p50", "p99", "max")},
        "rate": {"offered": offered, "achieved": round(achieved, 3)},
        "generator": {
            "lag_ms": part.times["lag"].milliseconds(100) or 0.0,
            "lag_p99_ms": part.times["lag"].milliseconds(99) or 0.0,
            "cpu": round(part.cpu, 3),
            "processes": about.processes,
            "saturated": saturated,
            "trust": trust(part, saturated),
        },
        "slo": [
            {"slo": one.slo.text, "measured": one.measured, "held": None if doubt else one.held}
            for one, doubt in zip(results, doubts, strict=True)
        ],
        "anomalies": list(_groups(audit.anomalies, about.start or 0)),
        "closed": _by_reason(part.closed),
        "presence": dict(part.presence),
        "contract": _contract(part.contract, about),
        "series": series(part, Pace(profile.rate, profile.seconds), about.ran_s),
        "distribution": distribution(part.times["delivery"]),
        # Who takes part, what they send and when follows from the profile: nothing is drawn by lot.
        "seed": None,
        "command": about.command,
        "environment": dict(about.environment),
        "versions": dict(about.versions),
    }  # fmt: skip


def series(part: Part, pace: Pace, ran_s: float = math.inf) -> dict[str, Json]:
    """Columns with a row for every second, from the first until all was due (or the end, after ``ran_s``) and nothing more was heard.

    A delivery counts in the second in which it was heard; percentiles are those of the second, None where nothing was heard.
    """
    last = max(math.ceil(min(pace.seconds, ran_s)), max(part.seconds, default=-1) + 1)
    rows = [part.seconds.get(number, _SILENT) for number in range(last)]
    return {
        "second": list(range(last)),
        "due": [pace.due_in(number) for number in range(last)],
        "acknowledged": [row.acknowledged for row in rows],
        "heard": [row.heard.n for row in rows],
        "p50_ms": [row.heard.milliseconds(50) for row in rows],
        "p99_ms": [row.heard.milliseconds(99) for row in rows],
        "max_ms": [row.heard.milliseconds(100) for row in rows],
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


def _in_doubt(one: SloResult, saturated: bool, lag: Histogram) -> bool:
    """Whether a miss may be the generator's own: it was the limit, or without its own lag the service level would have held."""
    if one.held is not False or one.measured is None or not one.slo.is_time:
        return False
    own = lag.milliseconds(100 if one.slo.statistic in ("p99.9", "max") else 99) or 0.0
    return saturated or (one.slo.metric in TIMES and one.slo.holds(one.measured - own))


def trust(part: Part, saturated: bool) -> str:
    """One sentence on how far the figures can be trusted."""
    lag = part.times["lag"]
    if not lag.n and not saturated:
        return "nothing was measured, of the generator neither"
    own = f"the generator itself woke up to {lag.milliseconds(99) or 0:.1f} ms late (p99; {lag.milliseconds(100) or 0:.1f} ms at worst)"
    if saturated:
        return f"not at all for times: {own} and used {part.cpu:.0%} of a core, so it was the limit; counts stand"
    return f"{own}, and used {part.cpu:.0%} of a core. Counts are exact"


def _whole_last(part: Part) -> list[int]:
    """For each message that all have heard who had to: how long until the last of them did, in µs, in order."""
    hearers: dict[str, list[str]] = {}
    for listener, senders in part.ledger.must.items():
        for sender in senders:
            hearers.setdefault(sender, []).append(listener)
    missing = {
        (sender, number)
        for (listener, sender), window in part.ledger.windows.items()
        if listener in part.ledger.must
        for number in window.gaps
    }
    lowest = {
        sender: min(
            (part.ledger.windows[one, sender].high if (one, sender) in part.ledger.windows else 0)
            for one in all_
        )
        for sender, all_ in hearers.items()
    }
    return sorted(
        late
        for (sender, n), late in part.last.items()
        if n <= lowest.get(sender, 0) and (sender, n) not in missing
    )


def _exact(values: Sequence[int], percent: float) -> float | None:
    if not values:
        return None
    rank = max(1, -(-len(values) * round(percent * 1000) // 100_000))
    return round(values[rank - 1] / 1000, 3)


def _groups(anomalies: Iterable[Anomaly], start: int) -> Iterator[Json]:
    """Anomalies by message and kind, each with all who were concerned, in the order of the time."""
    groups: dict[tuple[str, str, int], list[Anomaly]] = {}
    for one in anomalies:
        groups.setdefault((one.kind, one.sender, one.sequence), []).append(one)
    for (kind, sender, sequence), them in groups.items():
        at = round((min(one.at for one in them) - start) / 1e9, 3)
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
            "first_at_s": 0.0 if about.start is None else round((one.first - about.start) / 1e9, 3),
            "text": text[:SHOWN] + ("…" if len(text) > SHOWN else ""),
            **({"known": about.redact(one.known)} if one.known else {}),
        })  # fmt: skip
    return {
        "frames": contract.frames, "distinct": contract.distinct, "answers": contract.answers, "invalid": contract.invalid,
        "findings": findings,
    }  # fmt: skip


# -- for people -------------------------------------------------------------------------------------------------------------


def summary(load: Mapping[str, Any]) -> Iterator[str]:
    """The lines that say what ``load`` (of results.json) came to, free of controls whatever a server said."""
    return ("".join(c if c.isprintable() else "?" for c in line) for line in _lines(load))


def _lines(load: Mapping[str, Any]) -> Iterator[str]:
    audit, latency, rate, last = load["audit"], load["latency_ms"], load["rate"], load["last_listener_ms"]
    messages = load["messages"]
    words = {"unanswered": "unanswered", "refused": "refused", "unsent": "never sent"}
    others = "".join(f", {messages[key]} {word}" for key, word in words.items() if messages[key])
    yield f"{load['profile']} on {load['api']} ({load['deployment']}): {load['sockets']} sockets, {messages['acknowledged']} messages acknowledged{others}"
    yield f"  {load['note']}"
    yield f"  expected {audit['expected']}, heard {audit['heard']}; " + ", ".join(
        f"{audit[name]} {name}" for name in COUNTS
    )
    yield f"  delivery from the due time, ms: {_row(latency)}"
    yield f"  answer from the due time, ms:   {_row(load['answer_ms'])}"
    yield f"  last listener, ms:              {_row(last)}"
    yield f"  rate, messages a second: offered {rate['offered']:g}, achieved {rate['achieved']:g}"
    yield f"  trust: {load['generator']['trust']}"
    shown = load["anomalies"]
    for one in shown[:_SHOWN]:
        who = ", ".join(one["listeners"][:_NAMES])
        more = f" and {len(one['listeners']) - _NAMES} more" if len(one["listeners"]) > _NAMES else ""
        what = (
            f"message {one['sequence']} of {one['sender']}" if one["sender"] else "a text that nobody sent so"
        )
        when = "due at" if one["kind"] in ("lost", "recovered") else "at"
        yield f"  {one['kind'].upper()}  {what}, {when} {one['at_s']:.3f} s: {who}{more}"
    if len(shown) > _SHOWN:
        yield f"  and {len(shown) - _SHOWN} more messages, in results.json"
    if presence := load["presence"]:
        told = " and ".join(f"{times} {event}" for event, times in sorted(presence.items()))
        yield f"  presence, counted apart: {told} heard"
    contract = load["contract"]
    broken = f"{contract['invalid']} break it" if contract["invalid"] else "none breaks it"
    yield f"  contract: {contract['frames']} frames ({contract['distinct']} distinct) and {contract['answers']} answers held against it, {broken}"
    for one in contract["findings"][:_SHOWN]:
        known = one.get("known", "")
        word = "KNOWN" if known else "NOTE" if one["note"] else "INVALID"
        times = "once" if one["count"] == 1 else f"{one['count']} times"
        why = f" ({known})" if known else ""
        yield f"  {word}  {times}, first at {one['first_at_s']:.3f} s: {one['check']}: {one['message']}{why}"
    for why, closed in list(load["closed"].items())[:_NAMES]:
        who = ", ".join(closed[:_NAMES]) + (
            f" and {len(closed) - _NAMES} more" if len(closed) > _NAMES else ""
        )
        yield f"  CLOSED by the other side, {why}: {who}"
    for slo in load["slo"]:
        word = {True: "held", False: "MISSED", None: "undecided"}[slo["held"]]
        yield f"  {word:<9}  {slo['slo']}  (measured {'nothing' if slo['measured'] is None else format(slo['measured'], 'g')})"
    if not load["drained"]:
        yield "  partial: judged without a drain, so what was still under way counts neither as heard nor as lost"
    if load["reason"]:
        yield f"  {load['outcome']}: {load['reason']}"


def _row(figures: Mapping[str, float | None]) -> str:
    return "  ".join(
        f"{name} {'-' if value is None else format(value, '.1f')}" for name, value in figures.items()
    )
