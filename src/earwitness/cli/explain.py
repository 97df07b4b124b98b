"""Tells about checks: what each promises, where that comes from, and which clauses of which documents say it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import get_args

from earwitness.checks import Check, Registered, catalogue
from earwitness.checks.model import Severity
from earwitness.errors import Problem, UsageError, nearest


def list_checks() -> str:
    """All checks, a line each."""
    width = max(len(name) for name in catalogue())
    return "\n".join(f"{name:<{width}}  {one.check.sentence}" for name, one in catalogue().items())


def explain_check(check_id: str) -> str:
    """One check, for people. Raises UsageError when there is none of that id."""
    check = _find(check_id)
    lines = [
        check.id,
        f"  {check.sentence}",
        "",
        f"  severity   {check.severity}",
        f"  tier       {check.tier}",
    ]
    if check.needs:
        lines.append(f"  looks at   {', '.join(check.needs)}")
    if check.source:
        lines.append(f"  source     {check.source}")
    if check.cwe or check.owasp:
        lines.append(f"  classes    {', '.join((*check.cwe, *check.owasp))}")
    lines.append(
        "  clause     each finding names the clause of the API's document that the promise comes from, and its basis"
    )
    return "\n".join(lines)


def explain_json(check_id: str | None) -> str:
    """One check or all of them, as JSON."""
    checks = [_find(check_id)] if check_id else [one.check for one in catalogue().values()]
    return json.dumps([asdict(check) for check in checks], indent=2) + "\n"


def checks_page() -> str:
    """The text of docs/checks.md: every check, the gravest first."""
    severities: tuple[Severity, ...] = get_args(Severity)
    parts = [_PAGE_HEAD.format(number=len(catalogue()))]
    for severity in severities:
        found = [one for one in catalogue().values() if one.check.severity == severity]
        if found:
            parts.append("\n".join([f"## {severity.capitalize()}", "", *_table(found)]))
    return "\n\n".join(parts) + "\n"


_PAGE_HEAD = """\
<!-- Made from the checks; make it again: python -c 'from earwitness.cli.explain import checks_page as p; print(p(), end="")' >docs/checks.md -->

# Checks

The {number} properties that every run is held against, whatever its tests are about. `earwitness explain ID` tells of one of them. A finding names
its check, and the clause of the API's document that the promise comes from. *Needs*: the verbs and events without which a check has nothing to look
at. *Classes*: what a miss is an instance of, in CWE and in the OWASP API Security Top 10 of 2023."""


def _table(found: list[Registered]) -> Iterator[str]:
    yield "| check | what must be so | needs | classes | source |"
    yield "|---|---|---|---|---|"
    for one in found:
        check, module = one.check, one.find.__module__.rpartition(".")[2]
        cells = (
            f"[`{check.id}`](../src/earwitness/checks/{module}.py)", check.sentence, ", ".join(f"`{word}`" for word in check.needs),
            ", ".join((*check.cwe, *check.owasp)), check.source,
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _find(check_id: str) -> Check:
    found = catalogue().get(check_id)
    if found is None:
        raise UsageError(Problem(f"no check {check_id!r}", hint=nearest(check_id, catalogue())))
    return found.check
