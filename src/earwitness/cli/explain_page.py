"""Writes docs/checks.md, all that there is to say about every check: ``python -m earwitness.cli.explain_page [--check]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from earwitness.checks import Registered, catalogue
from earwitness.checks.clauses import Clause
from earwitness.checks.model import JUDGED, SEVERITIES, TIERS
from earwitness.cli.explain import MOST_CLAUSES, clauses_by_api, every_api, weaknesses_told
from earwitness.content import api_names, content_root
from earwitness.deployment import PlantedDefect, list_defects
from earwitness.errors import EarwitnessError, ExitCode

COMMAND = "python -m earwitness.cli.explain_page"

_PAGE = Path("docs", "checks.md")
_HEAD = """\
<!-- Made from the checks and the planted defects; make it again: {command} -->

# Checks

The {number} properties that every run is held against, whatever its tests are about. `earwitness explain ID` tells of one of them. A finding
names its check, the clause of the API's document that the promise comes from, and its basis. [writing-a-check.md](writing-a-check.md) shows how
another one is written.

| severity | a miss means that |
|---|---|
{severities}

A miss of a critical check that lets nobody at anything (a room missing in a list, a refusal in other words) is less grave, and its finding says so.

*Tier* is what a run must be allowed to do for the check to have something to look at: {tiers}.

*Needs* are the [words](vocabulary.md) without which there is nothing to look at; it *looks at* others where an API has them. *Clauses* are
where each API's document says so, by the keys that `checklist.yaml` gives its sections; what only a sample shows, or we have decided, is
marked, and many are counted (`earwitness explain ID --json` names them). *Weaknesses* are what a miss is an instance of, in CWE and the OWASP
API Security Top 10 of 2023; where only some misses are, with how their causes end. What is *caught* are the
[planted bugs](reference-server.md#defects) that this check must catch, as `earwitness prove` tries."""


def checks_page(planted: Sequence[PlantedDefect]) -> str:
    """The text of the page; ``planted`` are the defects of every API."""
    known, checks = every_api(), catalogue()
    severities = "\n".join(f"| {word} | {meaning} |" for word, meaning in SEVERITIES.items())
    tiers = "; ".join(f"`{word}`, {meaning}" for word, meaning in TIERS.items())
    parts = [
        _HEAD.format(command=COMMAND, number=len(checks), severities=severities, tiers=tiers),
        "\n".join(["| check | severity | what must be so |", "|---|---|---|", *_rows()]),
    ]
    for check_id, one in checks.items():
        caught = [defect for defect in planted if defect.check == check_id]
        parts.append("\n".join(_section(one, clauses_by_api(one.check, known), caught)))
    return "\n\n".join(parts) + "\n"


def _rows() -> Iterator[str]:
    for severity in SEVERITIES:
        for name, one in catalogue().items():
            if one.check.severity == severity:
                yield f"| [`{name}`](#{name}) | {severity} | {one.check.sentence} |"


def _section(
    one: Registered, found: Mapping[str, tuple[Clause, ...]], caught: Sequence[PlantedDefect]
) -> Iterator[str]:
    check, module = one.check, one.find.__module__.rpartition(".")[2]
    yield f"## {check.id}"
    yield ""
    yield f"{check.sentence} ([{module}.py](../src/earwitness/checks/{module}.py))"
    yield ""
    yield f"- Severity: {check.severity}. Tier: `{check.tier}`."
    if check.needs:
        yield f"- Needs: {_code(check.needs)}."
    if check.judges or check.also:
        every = ", ".join(f"every {JUDGED[word]}" for word in check.judges)
        yield f"- Looks at: {every}{_code(check.also)}."
    yield f"- Clauses: {'; '.join(f'{api}: {_clauses(some)}' for api, some in found.items() if some)}."
    if check.cwe or check.owasp:
        yield f"- Weaknesses: {'; '.join(weaknesses_told(check))}."
    if check.source:
        yield f"- Source: {check.source}."
    yield f"- Caught: {_code([defect.id for defect in caught])}."


def _clauses(some: Sequence[Clause]) -> str:
    if len(some) > MOST_CLAUSES:
        return f"{len(some)} of them"
    return ", ".join(f"`{one.id}`" + ("" if one.basis == "stated" else f" ({one.basis})") for one in some)


def _code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def main(arguments: Sequence[str]) -> ExitCode:
    """Write the page below the current folder, a checkout's root; with ``--check``, only say whether it is what it has to be: exit
    code 1 when it is not."""
    if [one for one in arguments if one != "--check"] or not _PAGE.parent.is_dir():
        sys.stderr.write(f"earwitness: say `{COMMAND} [--check]` in the root of a checkout\n")
        return ExitCode.USAGE
    try:
        text = checks_page([one for api in api_names() for one in list_defects(api, content_root())])
    except EarwitnessError as error:
        sys.stderr.write("".join(f"earwitness: {problem}\n" for problem in error.problems))
        return error.exit_code
    if "--check" not in arguments:
        _PAGE.write_text(text, encoding="utf-8")
    elif not _PAGE.exists() or _PAGE.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"earwitness: {_PAGE} is out of date; make it again: {COMMAND}\n")
        return ExitCode.FAILED
    return ExitCode.PASSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
