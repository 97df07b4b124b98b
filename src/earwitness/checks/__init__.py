"""Checks: one property a file, discovered; each a pure function over a world."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from earwitness.checks.claims import Outcome, judge_claim
from earwitness.checks.model import Check, Find, Finding, Registered
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
    """What every check finds in ``world``, in the order in which it shows in the history."""
    findings = [
        _told(finding, world) for registered in catalogue().values() for finding in registered.find(world)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.evidence))


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
    "Find",
    "Finding",
    "Outcome",
    "Registered",
    "all_findings",
    "catalogue",
    "judge_claim",
]
