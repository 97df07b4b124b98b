"""Checks: one property a file, discovered; each a pure function over a world."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from earwitness.checks import claims
from earwitness.checks.claims import check_of
from earwitness.checks.model import Check, Crash, Find, Finding, Registered
from earwitness.checks.outcome import Outcome
from earwitness.history import Claimed
from earwitness.world import World, plain_name


@cache
def catalogue() -> Mapping[str, Registered]:
    """Every check in this package by its id: a module is a check when it has ``CHECK`` and ``find``."""
    found: dict[str, Registered] = {}
    for module_info in pkgutil.iter_modules(__path__, f"{__name__}."):
        module = importlib.import_module(module_info.name)
        check = getattr(module, "CHECK", None)
        if isinstance(check, Check):
            found[check.id] = Registered(check, module.find)
    return MappingProxyType(dict(sorted(found.items())))


def all_findings(world: World) -> tuple[Finding, ...]:
    """What every check finds in ``world``, in the order in which it shows in the history. Raises what a check raises."""
    findings = [_told(_graded(finding), world) for one in catalogue().values() for finding in one.find(world)]
    return tuple(sorted(findings, key=lambda finding: finding.evidence))


def findings_and_crashes(
    world: World, checks: Mapping[str, Registered] | None = None
) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
    """What every check finds in ``world``, and which checks broke; what these had found before still counts.

    ``checks`` are by id, as in the catalogue, which is taken without.
    """
    findings: list[Finding] = []
    crashes: list[Crash] = []
    for check, registered in (catalogue() if checks is None else checks).items():
        try:
            for finding in registered.find(world):
                findings.append(_told(_graded(finding), world))
        except Exception as error:  # a bug of ours must not cost the run what the other checks see
            crashes.append(Crash.of(check, error))
    return tuple(sorted(findings, key=lambda finding: finding.evidence)), tuple(crashes)


def judge_claim(claim: Claimed, world: World) -> tuple[Outcome, Finding | None]:
    """The outcome of ``claim`` in ``world``, and the finding it makes when it does not hold, as grave as its check says."""
    outcome, finding = claims.judge_claim(claim, world)
    return outcome, None if finding is None else _graded(finding)


def weaknesses_of(finding: Finding) -> tuple[str, ...]:
    """The ids of CWE and OWASP that ``finding`` is an instance of; none of a check that is not in the catalogue."""
    registered = catalogue().get(finding.check)
    return registered.check.weaknesses(finding.cause, finding.weak) if registered else ()


def _graded(finding: Finding) -> Finding:
    registered = catalogue().get(finding.check)
    if registered is None:
        return finding
    return replace(finding, severity=registered.check.severity_of(finding.cause, finding.weak))


def _told(finding: Finding, world: World) -> Finding:
    """``finding`` with members called as in its own exercise: which alice it was, its case says."""
    numbered = [key for key in world.line.members if key != plain_name(key)]
    if not numbered:
        return finding
    names = re.compile(
        r"\b("
        + "|".join(re.escape(name) for name in sorted({plain_name(key) for key in numbered}))
        + r")/\d+\b"
    )
    return replace(
        finding, expected=names.sub(r"\1", finding.expected), heard=names.sub(r"\1", finding.heard)
    )


__all__ = [
    "Check",
    "Crash",
    "Find",
    "Finding",
    "Outcome",
    "Registered",
    "all_findings",
    "catalogue",
    "check_of",
    "findings_and_crashes",
    "judge_claim",
    "weaknesses_of",
]
