"""Made-up loads: one that went well by an older record, one of everything, and one that was not measured."""

from __future__ import annotations

from typing import Any

from earwitness.errors import ExitCode
from earwitness.report import LoadResult
from tests.report.made_up import HOSTILE


def record(**changes: Any) -> dict[str, Any]:
    """The part ``load`` of a results.json that has everything, in hostile words, of a load that lost messages."""
    base: dict[str, Any] = {
        "api": "fe16ops", "deployment": f"staging {HOSTILE}", "profile": "fan-out", "note": f"only pairs {HOSTILE}",
        "outcome": "died", "reason": f"gone {HOSTILE}", "drained": False, "sockets": 32, "seed": 7,
        "messages": {"acknowledged": 480, "unanswered": 1, "refused": 0, "unsent": 0},
        "audit": {"expected": 960, "heard": 957, "lost": 3, "duplicated": 0, "reordered": 0, "misdelivered": 0, "corrupted": 0,
                  "phantom": 0, "recovered": 2},
        "latency_ms": {"p50": 3.2, "p90": 3.9, "p99": 4.6, "p999": 19.5, "max": 20.2},
        "answer_ms": {"p50": 2.4, "p90": 3.0, "p99": 4.3, "p999": None, "max": 20.0},
        "last_listener_ms": {"p50": 3.5, "p99": 4.9, "max": 20.2},
        "rate": {"offered": 40.0, "achieved": 39.5},
        "generator": {"lag_ms": 1.7, "lag_p99_ms": 1.2, "cpu": 0.07, "self_lag_ms": {"p50": 0.4, "p90": 0.9, "p99": 1.4, "p999": 1.9, "max": 2.9}, "processes": 2, "saturated": False, "trust": f"up to 1.2 ms {HOSTILE}"},
        "slo": [{"slo": "lost == 0", "measured": 3.0, "held": False}, {"slo": "delivery p99 < 500 ms", "measured": 4.6, "held": True},
                {"slo": f"connect p99 < 1 s {HOSTILE}", "measured": None, "held": None}],
        "anomalies": [{"kind": "lost", "sender": f"a1 {HOSTILE}", "sequence": 100, "at_s": 2.475, "listeners": [f"b1/1 {HOSTILE}", "b1/2"]},
                      {"kind": "corrupted", "sender": "", "sequence": 0, "at_s": 3.0, "listeners": ["b1/1"]}],
        "closed": {f"1011 {HOSTILE}": ["b1/3"]},
        "contract": {"frames": 1000, "distinct": 12, "answers": 480, "invalid": 4,
                     "findings": [{"check": "frame-schema", "cause": "frame-schema:newMessage", "message": f"id is no integer {HOSTILE}",
                                   "note": False, "count": 4, "first_at_s": 1.5, "text": HOSTILE}]},
        "series": {"second": [0, 1, 2], "due": [40, 40, 40], "acknowledged": [40, 39, 40], "heard": [80, 77, 0],
                   "p50_ms": [3.1, 3.2, None], "p99_ms": [4.0, 4.6, None], "max_ms": [6.0, 20.2, None]},
        "distribution": [[50, 3.2], [90, 3.9], [99, 4.6], [99.9, 19.5], [100, 20.2]],
    }  # fmt: skip
    return base | changes


def load(code: ExitCode = ExitCode.BREACHED, **changes: Any) -> LoadResult:
    """A load with that record."""
    return LoadResult(record(**changes), code, f"earwitness load fan-out {HOSTILE}")


def older() -> LoadResult:
    """A load as the first version wrote it: no series, no distribution, no contract."""
    kept = record(seconds=[[0, 40, 80, 4748], [1, 39, 77, 0]], outcome="finished", reason="", drained=True)
    for name in ("series", "distribution", "contract", "seed"):
        del kept[name]
    return LoadResult(kept, ExitCode.BREACHED, "earwitness load fan-out")


def unmeasured() -> LoadResult:
    """A load that did not get as far as figures."""
    return LoadResult(
        {"api": "fe16ops", "profile": "fan-out", "reason": f"earwitness: too few members {HOSTILE}"},
        ExitCode.USAGE,
        "earwitness load fan-out",
    )
