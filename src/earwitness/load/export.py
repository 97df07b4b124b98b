"""The figures of a load for other programs: its seconds as CSV, and all of it as OpenMetrics text. Both are made from the record."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from earwitness.load.ledger import KINDS

_QUANTILES: Final = {"p50": "0.5", "p90": "0.9", "p99": "0.99", "p999": "0.999"}
_TIMES: Final = {
    "latency_ms": ("delivery", "from when a message was due until a listener heard it"),
    "last_listener_ms": ("last_listener", "from when a message was due until the last listener heard it"),
    "answer_ms": ("answer", "from when a message was due until its sender was answered"),
    "connect_ms": ("connect", "how long a socket took to open"),
    "read_ms": ("read", "how long a request for a list took"),
}
_SECONDS: Final = {
    "due": ("due_messages", "messages due in the second", 1.0),
    "acknowledged": ("acknowledged_messages", "messages acknowledged in the second", 1.0),
    "heard": ("heard_deliveries", "deliveries heard in the second", 1.0),
    "p50_ms": ("delivery_p50_seconds", "median of the deliveries heard in the second", 0.001),
    "p99_ms": ("delivery_p99_seconds", "99th percentile of the deliveries heard in the second", 0.001),
    "max_ms": ("delivery_max_seconds", "the latest delivery heard in the second", 0.001),
    "self_lag_p99_ms": (
        "self_lag_p99_seconds",
        "99th percentile of how long deliveries heard in the second had waited for the generator",
        0.001,
    ),
}

# Labels, the suffix of the name, the value, and when, in seconds of the epoch (None: the reader's own time).
_Sample = tuple[Mapping[str, str], str, float, float | None]


@dataclass(frozen=True, slots=True)
class _Family:
    """A metric and its samples."""

    name: str
    kind: str
    help: str
    samples: Sequence[_Sample] = ()


def series_csv(load: Mapping[str, Any]) -> str:
    """A line for every second; nothing between two commas where nothing was heard."""
    columns: Mapping[str, Sequence[float | None]] = load.get("series") or {}
    return csv_text([list(columns), *zip(*columns.values(), strict=True)])


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """``rows`` as RFC 4180 has them; None is nothing between two commas."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def metrics_text(load: Mapping[str, Any]) -> str:
    """OpenMetrics text, version 1.0: what it came to, and the seconds with the time of each, so that a data base can take them in."""
    labels = {name: str(load.get(name, "")) for name in ("api", "profile", "deployment")}
    lines = [line for family in _families(load) if family.samples for line in _lines(family, labels)]
    return "\n".join([*lines, "# EOF", ""])


def _families(load: Mapping[str, Any]) -> Iterator[_Family]:
    begun = load.get("started")
    columns: Mapping[str, Sequence[float | None]] = load.get("series") or {}
    end = None if begun is None else begun + len(columns.get("second", ()))

    def simple(name: str, kind: str, told: str, values: Mapping[str, Any], label: str) -> _Family:
        suffix = "_total" if kind == "counter" else ""
        samples: list[_Sample] = [
            ({label: key}, suffix, float(value), end) for key, value in values.items() if value is not None
        ]
        return _Family(name, kind, told, samples)

    audit = load.get("audit", {})
    yield simple("deliveries", "counter", "deliveries, by what became of them", {
        **{name: audit.get(name) for name in ("expected", "heard", *KINDS)}, "excused": load.get("excused"),
    }, "outcome")  # fmt: skip
    yield simple(
        "messages", "counter", "messages, by what became of them", load.get("messages", {}), "outcome"
    )
    yield simple(
        "reads", "counter", "lists that were read, by what came of it", load.get("reads", {}), "outcome"
    )
    yield simple("typing", "counter", "typing notices that were said", {"said": load.get("typed")}, "outcome")
    yield simple("rate", "gauge", "messages a second, on the average", load.get("rate", {}), "which")
    for key, (name, told) in _TIMES.items():
        figures = load.get(key) or {}
        quantiles = {_QUANTILES[stat]: ms for stat, ms in figures.items() if stat in _QUANTILES}
        times = {q: ms / 1000 for q, ms in quantiles.items() if ms is not None}
        yield simple(f"{name}_seconds", "summary", told, times, "quantile")
    longest = {name: (load.get(key) or {}).get("max") for key, (name, _) in _TIMES.items()}
    yield simple(
        "longest_seconds", "gauge", "the longest of each", {name: ms / 1000 for name, ms in longest.items() if ms is not None}, "what"
    )  # fmt: skip
    generator = load.get("generator", {})
    yield simple("generator_lag_seconds", "gauge", "how late the generator itself woke up", {
        which: generator[key] / 1000 for which, key in (("p99", "lag_p99_ms"), ("max", "lag_ms")) if key in generator
    }, "which")  # fmt: skip
    waited = generator.get("self_lag_ms") or {}
    yield simple("generator_self_lag_seconds", "summary", "how long deliveries had waited for the generator to read them", {
        _QUANTILES[stat]: ms / 1000 for stat, ms in waited.items() if stat in _QUANTILES and ms is not None
    }, "quantile")  # fmt: skip
    yield simple(
        "generator_cpu_ratio",
        "gauge",
        "share of a core of the busiest process",
        {"busiest": generator.get("cpu")},
        "process",
    )
    held = {
        one["slo"]: math.nan if one["held"] is None else float(one["held"]) for one in load.get("slo", ())
    }
    yield simple(
        "slo_held", "gauge", "1: the service level held; 0: it was missed; NaN: undecided", held, "slo"
    )
    if begun is None:
        return
    for column, (name, told, unit) in _SECONDS.items():
        if column not in columns:
            continue
        values = zip(columns.get("second", ()), columns[column], strict=True)
        yield _Family(f"second_{name}", "gauge", told, list(_points(values, unit, begun)))


def _points(
    values: Iterable[tuple[float | None, float | None]], unit: float, begun: float
) -> Iterator[_Sample]:
    for second, value in values:
        if second is not None and value is not None:
            yield {}, "", value * unit, begun + second


def _lines(family: _Family, labels: Mapping[str, str]) -> Iterable[str]:
    name = f"earwitness_{family.name}"
    yield f"# TYPE {name} {family.kind}"
    if name.endswith(("_seconds", "_ratio")):
        yield f"# UNIT {name} {name.rpartition('_')[2]}"
    yield f"# HELP {name} {_escaped(family.help)}"
    for extra, suffix, value, at in family.samples:
        said = ",".join(f'{key}="{_escaped(text)}"' for key, text in {**labels, **extra}.items())
        when = "" if at is None else f" {at:.3f}"
        yield f"{name}{suffix}{{{said}}} {'NaN' if math.isnan(value) else format(value, '.10g')}{when}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
