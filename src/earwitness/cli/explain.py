"""Tells about checks: what each promises, how grave a miss is, and which clauses of which documents say it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from textwrap import fill

from earwitness.checks import Check, catalogue
from earwitness.checks.clauses import Clause, clauses
from earwitness.checks.model import JUDGED, SEVERITIES, TIERS
from earwitness.checks.weaknesses import TITLES
from earwitness.content import api_names
from earwitness.documents import Documents, load_documents
from earwitness.errors import Problem, UsageError, nearest

# More clauses than this are counted: what holds for every answer has one for nearly every section.
MOST_CLAUSES = 8

_LABEL = 13


def list_checks(width: int = 0) -> str:
    """All checks, the gravest first, broken to ``width`` columns; a line each where it is 0."""
    column = max(len(name) for name in catalogue()) + 2
    parts = []
    for severity, meaning in SEVERITIES.items():
        found = [one.check for one in catalogue().values() if one.check.severity == severity]
        lines = [_hanging(f"  {one.id:<{column}}", one.sentence, width) for one in found]
        parts.append("\n".join([_hanging("", f"{severity}: {meaning}", width), *lines]))
    return "\n\n".join(parts)


def explain_check(check_id: str, width: int = 80, known: tuple[Documents, ...] = ()) -> str:
    """One check, for people, broken to ``width`` columns; not broken where it is 0. ``known`` as for ``clauses_by_api``. Raises
    UsageError when there is no check of that id."""
    check = _find(check_id)
    lines = [check.id, _hanging("  ", check.sentence, width), ""]
    lines += [_hanging(f"  {label:<{_LABEL - 2}}", text, width) for label, text in _facts(check)]
    lines += ["", "  clauses of the documents; stated, where it is not said otherwise"]
    lines += [
        _hanging(f"    {api:<14} ", text, width)
        for api, text in clauses_told(clauses_by_api(check, known)).items()
    ]
    return "\n".join(lines)


def explain_json(check_id: str | None) -> str:
    """One check or all of them, as a JSON list. Raises UsageError when there is none of that id."""
    checks = [_find(check_id)] if check_id else [one.check for one in catalogue().values()]
    known = every_api()
    records = [
        asdict(check)
        | {
            "clauses": {
                api: [asdict(one) for one in found] for api, found in clauses_by_api(check, known).items()
            }
        }
        for check in checks
    ]
    return json.dumps(records, indent=2) + "\n"


def every_api() -> tuple[Documents, ...]:
    """The documents of every API there is."""
    return tuple(load_documents(api) for api in api_names())


def clauses_by_api(check: Check, known: tuple[Documents, ...] = ()) -> Mapping[str, tuple[Clause, ...]]:
    """The clauses that ``check`` holds each API to, none where an API has nothing to look at. ``known`` are the APIs' documents,
    which are read without."""
    return {each.api: clauses(check, each.spec, each.binding) for each in known or every_api()}


def clauses_told(found: Mapping[str, tuple[Clause, ...]]) -> Mapping[str, str]:
    """Clauses by API as text, each with its basis where that is not "stated"."""
    return {
        api: "nothing to look at"
        if not some
        else f"{len(some)} clauses; --json names them"
        if len(some) > MOST_CLAUSES
        else ", ".join(one.id if one.basis == "stated" else f"{one.id} ({one.basis})" for one in some)
        for api, some in found.items()
    }


def weaknesses_told(check: Check) -> Iterator[str]:
    """The weaknesses that a miss is an instance of, each with its title and, where not every miss is, with how its cause ends;
    OWASP's, which are wider, without."""
    for one in check.cwe:
        which = ", ".join(f":{word}" for word, some in check.narrowed.items() if one in some)
        yield f"{one} {TITLES[one]}" + (f" ({which})" if which else "")
    yield from (f"{one} {TITLES[one]}" for one in check.owasp)


def _facts(check: Check) -> Iterator[tuple[str, str]]:
    yield "severity", f"{check.severity}: {SEVERITIES[check.severity]}"
    yield "tier", f"{check.tier}: {TIERS[check.tier]}"
    if check.needs:
        yield "needs", ", ".join(check.needs)
    if check.judges or check.also:
        yield "looks at", ", ".join([*(f"every {JUDGED[one]}" for one in check.judges), *check.also])
    label = "weakness"
    for one in weaknesses_told(check):
        yield label, one
        label = ""
    if check.source:
        yield "source", check.source


def _hanging(label: str, text: str, width: int) -> str:
    """``text`` after ``label``, its further lines below its first."""
    if not width:
        return f"{label}{text}"
    return fill(
        text, max(width, len(label) + 20), initial_indent=label, subsequent_indent=" " * len(label),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _find(check_id: str) -> Check:
    found = catalogue().get(check_id)
    if found is None:
        raise UsageError(Problem(f"no check {check_id!r}", hint=nearest(check_id, catalogue())))
    return found.check
