"""A load as a trial of a search for capacity: read off its record, and what is told of it in lines, in results.json and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from earwitness.errors import ExitCode
from earwitness.history import Json
from earwitness.load.capacity import (
    DIED,
    GENERATOR,
    HELD,
    INTERRUPTED,
    MISSED,
    REFUSED,
    UNDECIDED,
    Answer,
    Level,
    Next,
    Search,
    Trial,
)
from earwitness.load.export import csv_text
from earwitness.load.outcome import HELD_UP

_VERDICTS: Final = {
    ExitCode.PASSED: HELD,
    ExitCode.BREACHED: MISSED,
    ExitCode.USAGE: REFUSED,
    ExitCode.REFUSED: REFUSED,
    ExitCode.INTERRUPTED: INTERRUPTED,
}
_COLUMNS: Final = (
    *("trial", "value", "role", "verdict", "exit_code", "p50_ms", "p99_ms", "lost", "offered", "achieved", "lag_ms", "cpu", "held_up", "took_s"),
    "levels",
)  # fmt: skip


def trial_of(tried: Next, load: Mapping[str, Any], code: ExitCode, took_s: float) -> Trial:
    """The trial that came to ``load`` (as results.json has it) and ``code`` after so many seconds."""
    levels = tuple(
        Level(one["slo"], one["measured"], one["held"] is False)
        for one in load.get("slo", ())
        if one["held"] is not True
    )
    verdict = _verdict(load, code, levels)
    # An error of ours says first what is wrong, and then what was expected and what to do.
    reason = next(iter(str(load.get("reason") or "").splitlines()), "")
    if verdict == REFUSED:
        return Trial(tried.value, tried.role, verdict, code, round(took_s, 3), reason=reason)
    latency, rate, generator = load.get("latency_ms", {}), load.get("rate", {}), load.get("generator", {})
    return Trial(
        tried.value, tried.role, verdict, code, round(took_s, 3), levels, reason, latency.get("p50"), latency.get("p99"),
        load.get("audit", {}).get("lost"), rate.get("offered"), rate.get("achieved"), generator.get("lag_p99_ms"), generator.get("cpu"),
        generator.get("held"),
    )  # fmt: skip


def _verdict(load: Mapping[str, Any], code: ExitCode, levels: Sequence[Level]) -> str:
    if code is not ExitCode.INCONCLUSIVE:
        return _VERDICTS.get(code, DIED)
    # Deliveries without an end, or none at all, say nothing of the generator.
    is_whole = load.get("outcome") == "finished" and load.get("audit", {}).get("expected", 0) > 0
    doubted = any(one.measured is not None for one in levels)
    return GENERATOR if is_whole and (load["generator"]["saturated"] or doubted) else UNDECIDED


def line(search: Search, number: int, trial: Trial) -> str:
    """A trial in a line for people."""
    figures = "nothing was measured"
    if trial.lost is not None:
        figures = (
            f"p99 {_figure(trial.p99_ms, '.1f')} ms, {trial.lost} lost, {_figure(trial.achieved, 'g')} of {_figure(trial.offered, 'g')} messages"
            f" a second, generator {_figure(trial.lag_ms, '.1f')} ms late, {_figure(trial.cpu, '.0%')} of a core"
        )
        if (trial.held_up or 0) > HELD_UP:
            figures += f" and kept from running for {trial.held_up:.0%} of the time"
    why = "" if trial.verdict == HELD else f"; {trial.why}"
    return f"{number:>3}  {trial.role:<7}  {search.told(trial.value)}: {trial.verdict}  ({figures}{why})"


def capacity_record(search: Search, trials: Sequence[Trial], answer: Answer) -> dict[str, Json]:
    """What results.json holds under ``load.capacity``."""
    return {
        "grows": search.grows,
        "start": search.start,
        "most": search.most,
        "holds": answer.holds,
        "fails": answer.fails,
        "limited_by": answer.limited_by,
        "confirmed": answer.confirmed,
        "answer": answer.sentence,
        "seconds": search.trial_s,
        "trials": [_dump(one) for one in trials],
    }


def _dump(trial: Trial) -> Json:
    levels: list[Json] = [
        {"slo": one.slo, "measured": one.measured, "held": False if one.missed else None}
        for one in trial.levels
    ]
    return {
        "value": trial.value, "role": trial.role, "verdict": trial.verdict, "exit_code": int(trial.exit_code), "levels": levels,
        "reason": trial.reason, "p50_ms": trial.p50_ms, "p99_ms": trial.p99_ms, "lost": trial.lost, "offered": trial.offered,
        "achieved": trial.achieved, "lag_ms": trial.lag_ms, "cpu": trial.cpu, "held_up": trial.held_up, "took_s": trial.took_s,
    }  # fmt: skip


def capacity_csv(load: Mapping[str, Any]) -> str:
    """A line for every trial; nothing between two commas where nothing was measured."""
    rows: Iterator[Sequence[object]] = (
        (
            number, *(one[name] for name in _COLUMNS[1:-1]),
            "; ".join(f"{level['slo']} measured {level['measured']}" for level in one["levels"]),
        )
        for number, one in enumerate(load["capacity"]["trials"], 1)
    )  # fmt: skip
    return csv_text([_COLUMNS, *rows])


def _figure(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
