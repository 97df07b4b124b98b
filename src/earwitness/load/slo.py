"""Service levels: ``delivery p99 < 200 ms``, ``lost == 0``; a word that is not known is an error, never a pass."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from earwitness.errors import Problem, UsageError, Where, nearest

COUNTS: Final = ("lost", "duplicated", "reordered", "misdelivered", "corrupted", "phantom", "recovered")
# Frames and answers that break the contract.
CONTRACT: Final = ("invalid",)
# What takes time, by its name, and the statistics there are of it.
TIMES: Final = ("delivery", "last-listener", "answer", "connect", "read")
STATISTICS: Final = ("p50", "p90", "p99", "p99.9", "max")
# The share of the offered rate that was achieved.
SHARES: Final = ("achieved",)
METRICS: Final = (*COUNTS, *CONTRACT, *TIMES, *SHARES)
# In the unit that the figures have: milliseconds.
UNITS: Final[Mapping[str, float]] = {"us": 0.001, "µs": 0.001, "ms": 1.0, "s": 1000.0}
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip

_FORM: Final = re.compile(
    r"(?P<metric>[\w-]+)(?:\s+(?P<statistic>[\w.]+))?\s*(?P<operator>[<>=!]+)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>\S*)"
)
_EXPECTED: Final = "such as `delivery p99 < 200 ms`, `lost == 0` or `achieved >= 95 %`"


@dataclass(frozen=True, slots=True)
class Slo:
    """A service level. ``bound`` is in milliseconds, percent, or a count; ``text`` as it is written."""

    text: str
    metric: str
    statistic: str
    operator: str
    bound: float

    @property
    def is_time(self) -> bool:
        """Whether it is about time, which a busy generator falsifies."""
        return self.metric in TIMES or self.metric in SHARES

    def holds(self, measured: float) -> bool:
        """Whether it holds for that figure."""
        return OPERATORS[self.operator](measured, self.bound)

    def differs(self, low: float, high: float) -> bool:
        """Whether it holds for some of the figures from ``low`` to ``high``, and for others not."""
        return self.holds(low) != self.holds(high) or (self.operator == "==" and low < self.bound < high)


@dataclass(frozen=True, slots=True)
class SloResult:
    """What a service level came to; ``held`` is None where nothing was measured."""

    slo: Slo
    measured: float | None
    held: bool | None


def parse_slo(text: str, where: Where | None = None) -> Slo:
    """The service level that ``text`` says. Raises UsageError, with the nearest word, for one that nobody could judge."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(Problem(f"{text!r} is no service level", where, _EXPECTED))
    metric, statistic, unit = found["metric"], found["statistic"] or "", found["unit"]

    def wrong(what: str, word: str, known: tuple[str, ...]) -> UsageError:
        return UsageError(Problem(f"{text!r}: {what}", where, _EXPECTED, nearest(word, known)))

    if metric not in METRICS:
        raise wrong(f"there is no metric {metric!r}", metric, METRICS)
    if found["operator"] not in OPERATORS:
        raise wrong(f"{found['operator']!r} compares nothing", found["operator"], tuple(OPERATORS))
    if metric in TIMES and statistic not in STATISTICS:
        raise wrong(
            f"{metric} has no statistic {statistic!r}" if statistic else f"which statistic of {metric}?",
            statistic,
            STATISTICS,
        )
    if metric not in TIMES and statistic:
        raise wrong(f"{metric} is one number and has no {statistic!r}", statistic, ())
    units = tuple(UNITS) if metric in TIMES else ("%",) if metric in SHARES else ()
    if unit not in units and (unit or units):
        raise wrong(
            f"the unit {unit!r} does not fit {metric}" if unit else f"{metric} needs a unit", unit, units
        )
    return Slo(
        text.strip(), metric, statistic, found["operator"], float(found["number"]) * UNITS.get(unit, 1.0)
    )


def judge_slo(slo: Slo, figures: Mapping[str, float | None]) -> SloResult:
    """``slo`` over ``figures``, which are by metric, or by metric and statistic (``delivery p99``)."""
    measured = figures.get(f"{slo.metric} {slo.statistic}".strip())
    return SloResult(slo, measured, None if measured is None else slo.holds(measured))
