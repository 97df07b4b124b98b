"""A search for capacity as the page shows it: the answer, the trials one by one, and the curve that they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from earwitness.report.text import one_line
from earwitness.report.views_load import CapacityView, Fact, TrialView
from earwitness.report.words import Word

# More than a search ever takes.
MOST_TRIALS: Final = 200
_UNITS: Final = {"rate": "messages a second", "listeners": "listeners"}
_HELD: Final = "held"
_WORDS: Final = {
    _HELD: Word("held", "✓", "+", "good"),
    "missed": Word("missed", "✗", "x", "bad"),
    "died": Word("died", "✗", "x", "bad"),
    "generator": Word("generator", "?", "?", "doubt"),
    "refused": Word("not tried", "–", "-", "quiet"),
}

Column = list[float | None]


def capacity_view(load: Mapping[str, Any]) -> CapacityView | None:
    """What the page shows of the search that ``load`` came from; None for any other load."""
    found = load.get("capacity")
    if not isinstance(found, Mapping):
        return None
    unit = _unit(found)
    return CapacityView(
        answer=answer(load),
        unit=unit,
        shown=f"{_text(found['holds'])} {unit}" if _is_figure(found.get("holds")) else "",
        trials=tuple(_trial(one) for one in _trials(found)),
    )


def answer(load: Mapping[str, Any]) -> str:
    """The answer as a sentence; "" for a load that was no search."""
    found = load.get("capacity")
    said = one_line(str(found.get("answer") or ""), 1_000) if isinstance(found, Mapping) else ""
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def curves(load: Mapping[str, Any]) -> dict[str, Sequence[Column]]:
    """What is drawn of the search: by value, the worst p99 where all service levels held and where one did not; and the lowest rate that
    was achieved beside the one that was offered. One value alone makes no curve."""
    found = load.get("capacity")
    trials = (
        [one for one in _trials(found) if _is_figure(one.get("value"))] if isinstance(found, Mapping) else []
    )
    by_value: dict[float, list[Mapping[str, Any]]] = {}
    for one in sorted(trials, key=lambda one: float(one["value"])):
        by_value.setdefault(float(one["value"]), []).append(one)
    if len(by_value) < 2:
        return {}
    late = [
        (all(one.get("verdict") == _HELD for one in them), max(_figures(them, "p99_ms"), default=None))
        for them in by_value.values()
    ]
    values: Column = list(by_value)
    return {
        "curve": [values, [ms if held else None for held, ms in late], [None if held else ms for held, ms in late]],
        "kept": [values, *([min(_figures(them, name), default=None) for them in by_value.values()] for name in ("offered", "achieved"))],
    }  # fmt: skip


def _trial(one: Mapping[str, Any]) -> TrialView:
    levels = one.get("levels")
    why = [
        f"{_text(level.get('slo'))} (measured {_text(level.get('measured'))})"
        for level in (levels if isinstance(levels, list | tuple) else ())[:MOST_TRIALS]
        if isinstance(level, Mapping)
    ]
    verdict = _text(one.get("verdict"))
    return TrialView(
        value=_text(one.get("value")),
        role=_text(one.get("role")),
        figures=(
            Fact("p50, ms", _tenths(one.get("p50_ms"))),
            Fact("p99, ms", _tenths(one.get("p99_ms"))),
            Fact("lost", _text(one.get("lost"))),
            Fact("achieved", _tenths(one.get("achieved"))),
            Fact("late, ms", _tenths(one.get("lag_ms"))),
            Fact("core", _share(one.get("cpu"))),
            Fact("held up", _share(one.get("held_up"))),
        ),
        word=_WORDS.get(verdict, Word(verdict, "?", "?", "doubt")),
        why=one_line("; ".join(why) or str(one.get("reason") or ""), 1_000),
    )


def _trials(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    trials = found.get("trials")
    kept = trials[:MOST_TRIALS] if isinstance(trials, list | tuple) else ()
    return [one for one in kept if isinstance(one, Mapping)]


def _unit(found: Mapping[str, Any]) -> str:
    grows = str(found.get("grows") or "")
    return _UNITS.get(grows, one_line(grows, 40))


def _figures(trials: Sequence[Mapping[str, Any]], name: str) -> Iterator[float]:
    return (float(one[name]) for one in trials if _is_figure(one.get(name)))


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _text(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.10g}" if isinstance(value, float) else one_line(str(value))


def _share(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, int | float) and _is_figure(value) else "–"


def _tenths(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, int | float) and _is_figure(value) else "–"
