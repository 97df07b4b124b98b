"""The figures of a load that are drawn: columns for the script, and the same as tables for whoever has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from earwitness.report.capacity import curves
from earwitness.report.views_load import Plots, Table

# Points across a plot, and rows of a table: more than a screen has, less than a browser minds.
MOST_POINTS: Final = 1_200
MOST_ROWS: Final = 120
MOST_PERCENTS: Final = 200

Column = list[float | None]
RATES: Final = ("due", "acknowledged")
COUNTS: Final = (*RATES, "heard")
TIMES: Final = ("p50_ms", "p99_ms", "max_ms")
OWN: Final = "self_lag_p99_ms"
_HEADS: Final = {"p50_ms": "p50, ms", "p99_ms": "p99, ms", "max_ms": "worst, ms", OWN: "self-lag p99, ms"}


def series(load: Mapping[str, Any]) -> dict[str, Column]:
    """The columns over the seconds of ``load``, all of one length; from its older form where it has no ``series``."""
    found = load.get("series")
    if isinstance(found, Mapping):
        columns = {name: _column(found[name]) for name in ("second", *COUNTS, *TIMES, OWN) if name in found}
        if len({len(column) for column in columns.values()}) == 1 and columns.get("second"):
            return columns
    rows = [row for row in load.get("seconds") or () if isinstance(row, list | tuple) and len(row) == 4]
    if not rows:
        return {}
    second, acknowledged, heard, worst = (_column(column) for column in zip(*rows, strict=True))
    # There the worst is in microseconds, and 0 where nothing was heard.
    return {
        "second": second,
        "acknowledged": acknowledged,
        "heard": heard,
        "max_ms": [us / 1000 if us else None for us in worst],
    }


def plots(load: Mapping[str, Any]) -> Plots | None:
    """What is drawn of ``load``; None where there is nothing. A long load is drawn by steps of several seconds: rates
    are their mean, times their worst."""
    columns = series(load)
    drawn: dict[str, Sequence[Sequence[float | None]]] = {}
    step = max(1, -(-len(columns.get("second", ())) // MOST_POINTS))
    if columns:
        second = columns["second"][::step]
        # Each message is heard by many, so deliveries have a plot and a scale of their own.
        drawn["rate"] = [second, *(_by(step, columns.get(name), second, _mean) for name in RATES)]
        drawn["heard"] = [second, _by(step, columns.get("heard"), second, _mean)]
        drawn["latency"] = [second, *(_by(step, columns.get(name), second, _worst) for name in TIMES)]
    pairs = _pairs(load)
    if len(pairs) > 1:
        drawn["distribution"] = [[percent for percent, _ in pairs], [ms for _, ms in pairs]]
    drawn |= curves(load)
    return Plots(drawn, step) if drawn else None


def per_second(load: Mapping[str, Any]) -> tuple[Table, int]:
    """The columns as a table, and how many seconds it leaves out."""
    columns = series(load)
    heads = ("second", *(_HEADS.get(name, f"{name} a second") for name in columns if name != "second"))
    rows = list(zip(*columns.values(), strict=True))
    shown = tuple(tuple("–" if v is None else f"{v:.10g}" for v in row) for row in rows[:MOST_ROWS])
    return Table(heads if shown else (), shown), max(0, len(rows) - MOST_ROWS)


def distribution(load: Mapping[str, Any]) -> Table:
    """How late deliveries were, by percentile; empty where the record does not say."""
    rows = tuple((f"{percent:g} %", f"{ms:.1f}") for percent, ms in _pairs(load))
    return Table(("of all deliveries", "within, ms") if rows else (), rows)


def _pairs(load: Mapping[str, Any]) -> list[tuple[float, float]]:
    found = load.get("distribution") or ()
    if not found:
        latency = load.get("latency_ms")
        percents = {"p50": 50, "p90": 90, "p99": 99, "p999": 99.9, "max": 100}
        found = (
            [(p, latency.get(name)) for name, p in percents.items()] if isinstance(latency, Mapping) else ()
        )
    pairs = [pair for pair in found if isinstance(pair, list | tuple) and len(pair) == 2]
    return [(float(p), float(ms)) for p, ms in pairs[:MOST_PERCENTS] if _is_figure(p) and _is_figure(ms)]


def _column(values: Sequence[object]) -> Column:
    return [float(v) if isinstance(v, int | float) and _is_figure(v) else None for v in values]


def _is_figure(value: object) -> bool:
    # JSON has no other numbers; a page must not break on them.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _by(
    step: int, column: Column | None, second: Sequence[object], how: Callable[[list[float]], float]
) -> Column:
    if column is None:
        return [None] * len(second)
    if step == 1:
        return column
    parts = ([v for v in column[at : at + step] if v is not None] for at in range(0, len(column), step))
    return [how(part) if part else None for part in parts]


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 3)


def _worst(values: list[float]) -> float:
    return max(values)
