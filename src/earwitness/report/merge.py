"""Findings merged by cause: one promise broken one way is one finding, however often it showed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from earwitness.checks.model import SEVERITIES, Finding

BASES = ("stated", "shown", "decided")


@dataclass(frozen=True, slots=True)
class Merged:
    """A cause: its id, the finding that tells it best, how often it showed and in which cases."""

    id: str
    finding: Finding
    count: int
    cases: tuple[str, ...]


def finding_id(api: str, check: str, cause: str) -> str:
    """The id of a finding: the same in every run, so that two runs can be compared and a failure be listed as known."""
    return hashlib.sha256("\0".join((api, check, cause)).encode("utf-8", "surrogatepass")).hexdigest()[:10]


def merge(api: str, findings: Iterable[Finding]) -> tuple[Merged, ...]:
    """``findings`` by cause, the gravest first, in the order in which they came among equals.

    The best telling is the gravest, then one that is a weakness, then the one on the surest basis, then the first.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.check, finding.cause), []).append(finding)
    merged = [
        Merged(
            finding_id(api, check, cause),
            min(group, key=_rank),
            len(group),
            tuple(dict.fromkeys(f.case for f in group if f.case)),
        )
        for (check, cause), group in groups.items()
    ]
    return tuple(sorted(merged, key=lambda one: _rank(one.finding)))


def _rank(finding: Finding) -> tuple[int, bool, int]:
    basis = BASES.index(finding.basis) if finding.basis in BASES else len(BASES)
    return list(SEVERITIES).index(finding.severity), not finding.weak, basis
