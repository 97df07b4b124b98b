"""Tells about checks: what each promises, where that comes from, and which clauses of which documents say it."""

from __future__ import annotations

import json
from dataclasses import asdict

from earwitness.checks import Check, catalogue
from earwitness.errors import Problem, UsageError, nearest


def list_checks() -> str:
    """All checks, a line each."""
    width = max(len(name) for name in catalogue())
    return "\n".join(f"{name:<{width}}  {one.check.sentence}" for name, one in catalogue().items())


def explain_check(check_id: str) -> str:
    """One check, for people. Raises UsageError when there is none of that id."""
    check = _find(check_id)
    lines = [check.id, f"  {check.sentence}", "", f"  severity   {check.severity}", f"  tier       {check.tier}"]
    if check.needs:
        lines.append(f"  looks at   {', '.join(check.needs)}")
    if check.source:
        lines.append(f"  source     {check.source}")
    if check.cwe or check.owasp:
        lines.append(f"  classes    {', '.join((*check.cwe, *check.owasp))}")
    lines.append("  clause     each finding names the clause of the API's document that the promise comes from, and its basis")
    return "\n".join(lines)


def explain_json(check_id: str | None) -> str:
    """One check or all of them, as JSON."""
    checks = [_find(check_id)] if check_id else [one.check for one in catalogue().values()]
    return json.dumps([asdict(check) for check in checks], indent=2) + "\n"


def _find(check_id: str) -> Check:
    found = catalogue().get(check_id)
    if found is None:
        raise UsageError(Problem(f"no check {check_id!r}", hint=nearest(check_id, catalogue())))
    return found.check
