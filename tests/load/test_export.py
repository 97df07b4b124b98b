"""The figures for other programs: a CSV that a spreadsheet reads, and text that is OpenMetrics."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from earwitness.load.export import metrics_text, series_csv

LOAD: dict[str, Any] = {
    "api": "fe16ops", "profile": 'a "mine"', "deployment": "there\\\nhere", "started": 1000.5, "excused": 2,
    "audit": {"expected": 8, "heard": 7, "lost": 1, "duplicated": 0, "reordered": 0, "misdelivered": 0, "corrupted": 0, "phantom": 0, "recovered": 0},
    "messages": {"acknowledged": 4, "unanswered": 0, "refused": 0, "unsent": 0},
    "latency_ms": {"p50": 1.5, "p90": 2.0, "p99": None, "p999": None, "max": 9.0},
    "rate": {"offered": 2.0, "achieved": 1.5}, "generator": {"lag_ms": 3.0, "lag_p99_ms": 2.0, "cpu": 0.25},
    "slo": [{"slo": "lost == 0", "measured": 1, "held": False}, {"slo": "delivery p99 < 1 s", "measured": None, "held": None}],
    "series": {
        "second": [0, 1, 2], "due": [2, 2, 0], "acknowledged": [2, 2, 0], "heard": [4, 0, 3], "p50_ms": [1.5, None, 2.0],
        "p99_ms": [1.5, None, 2.0], "max_ms": [1.5, None, 9.0],
    },
}  # fmt: skip

# OpenMetrics 1.0: a sample's name, labels, value and time.
LABEL = r'[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(
    rf"(?P<name>[a-z_0-9]+)\{{(?P<labels>{LABEL}(?:,{LABEL})*)\}} (?P<value>NaN|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)(?: (?P<at>\d+(?:\.\d+)?))?"
)
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "summary": ("",)}


def families(text: str) -> dict[str, list[tuple[str, float, float | None]]]:
    """The samples (labels, value, time) of each family, once the text is seen to be OpenMetrics."""
    lines = text.split("\n")
    assert lines[-2:] == ["# EOF", ""]
    found: dict[str, list[tuple[str, float, float | None]]] = {}
    name = kind = ""
    for line in lines[:-2]:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in found, "a family stands in one piece"
            found[name] = []
        elif line.startswith("# UNIT "):
            assert line.split(" ")[2] == name and name.endswith("_" + line.split(" ")[3])
        elif line.startswith("# HELP "):
            assert line.split(" ")[2] == name
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert sample["name"] in [name + suffix for suffix in SUFFIXES[kind]]
            at = float(sample["at"]) if sample["at"] else None
            found[name].append((sample["labels"], float(sample["value"]), at))
    for samples in found.values():
        assert samples
        # Of one metric the times go on.
        by_labels: dict[str, list[float]] = {}
        for labels, _, at in samples:
            by_labels.setdefault(labels, []).append(at or 0)
        assert all(times == sorted(set(times)) for times in by_labels.values())
    return found


def test_seconds_are_lines_of_a_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(series_csv(LOAD), newline="")))
    assert list(rows[0]) == ["second", "due", "acknowledged", "heard", "p50_ms", "p99_ms", "max_ms"]
    assert [row["heard"] for row in rows] == ["4", "0", "3"]
    assert [row["max_ms"] for row in rows] == ["1.5", "", "9.0"]


def test_the_record_is_told_as_open_metrics() -> None:
    found = families(metrics_text(LOAD))
    common = 'api="fe16ops",profile="a \\"mine\\"",deployment="there\\\\\\nhere"'
    deliveries = {labels.removeprefix(common): value for labels, value, _ in found["earwitness_deliveries"]}
    assert deliveries[',outcome="lost"'] == 1 and deliveries[',outcome="excused"'] == 2
    assert found["earwitness_delivery_seconds"] == [
        (f'{common},quantile="0.5"', 0.0015, 1003.5),
        (f'{common},quantile="0.9"', 0.002, 1003.5),
    ]
    assert [str(value) for _, value, _ in found["earwitness_slo_held"]] == ["0.0", "nan"]
    assert found["earwitness_second_heard_deliveries"] == [
        (common, 4, 1000.5), (common, 0, 1001.5), (common, 3, 1002.5),
    ]  # fmt: skip
    assert found["earwitness_second_delivery_max_seconds"] == [
        (common, 0.0015, 1000.5),
        (common, 0.009, 1002.5),
    ]


def test_what_a_generator_measured_of_itself_is_told_where_it_could() -> None:
    assert "self_lag" not in metrics_text(LOAD)
    generator = {
        **LOAD["generator"],
        "self_lag_ms": {"p50": 0.5, "p90": None, "p99": 2.0, "p999": 2.5, "max": 3.0},
    }
    own = {**LOAD["series"], "self_lag_p99_ms": [2.0, None, 1.5]}
    found = families(metrics_text({**LOAD, "generator": generator, "series": own}))
    assert [value for _, value, _ in found["earwitness_generator_self_lag_seconds"]] == [
        0.0005,
        0.002,
        0.0025,
    ]
    assert [value for _, value, _ in found["earwitness_second_self_lag_p99_seconds"]] == [0.002, 0.0015]
    assert series_csv({**LOAD, "series": own}).startswith(
        "second,due,acknowledged,heard,p50_ms,p99_ms,max_ms,self_lag_p99_ms\r\n"
    )


def test_a_load_that_never_began_has_no_times() -> None:
    series: dict[str, list[float]] = {name: [] for name in LOAD["series"]}
    found = families(metrics_text({**LOAD, "started": None, "series": series}))
    assert {at for samples in found.values() for _, _, at in samples} == {None}
    assert series_csv({**LOAD, "series": series}) == "second,due,acknowledged,heard,p50_ms,p99_ms,max_ms\r\n"
