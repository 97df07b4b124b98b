"""The summary of a run on a terminal: the checklist, the findings, what was not run and why, and one verdict line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from earwitness.checks import Crash, weaknesses_of
from earwitness.errors import ExitCode
from earwitness.history import Entry
from earwitness.report.merge import Merged, merge
from earwitness.report.past import Past
from earwitness.report.reproduce import reproduce
from earwitness.report.text import one_line, printable
from earwitness.report.words import RUN_SENTENCES, RUN_TONES, WORDS, plural, run_verdict
from earwitness.verdict import ApiVerdict, ItemVerdict, Verdict

if TYPE_CHECKING:
    from rich.console import Console

MOST_FINDINGS = 20
MOST_REASONS = 12

# Styles for rich by the tone of a word; colour only repeats what the mark and the label say.
STYLES: Mapping[str, str] = {
    "good": "green",
    "bad": "bold red",
    "doubt": "yellow",
    "remark": "cyan",
    "quiet": "dim",
    "head": "bold",
    "": "",
}
# What each item's line says at its end beside the mark; a pass needs no word.
_UNSAID = frozenset((Verdict.PASS,))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary and the tone it is shown in."""

    text: str
    tone: str = ""


def summary(
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    folder: str = "",
    ascii_only: bool = False,
) -> tuple[str, ...]:
    """The summary as plain lines. ``folder`` is where the run's files lie; ``ascii_only`` for a terminal without UTF-8."""
    return tuple(row.text for row in rows(apis, histories, exit_code, folder, ascii_only))


def show_summary(
    console: Console,
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    folder: str = "",
) -> None:
    """Print the summary on ``console``, in colour where it has any. Nothing in it is read as markup."""
    from rich.text import Text

    ascii_only = "utf" not in console.encoding.lower()
    for row in rows(apis, histories, exit_code, folder, ascii_only):
        text = row.text.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else row.text
        console.print(Text(text, style=STYLES[row.tone]), soft_wrap=True, highlight=False)


def rows(
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    folder: str = "",
    ascii_only: bool = False,
) -> Iterator[Row]:
    """The lines of the summary with their tones. Whatever a server said, each is one line and free of controls."""
    for row in _rows(apis, histories, exit_code, folder, ascii_only):
        yield Row(printable(row.text), row.tone)


def _rows(
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    folder: str,
    ascii_only: bool,
) -> Iterator[Row]:
    for api in apis:
        yield Row(f"{api.title or api.api} ({api.api}) on {api.deployment}", "head")
        yield from _checklist(api.items, ascii_only)
        past = Past.of(histories.get(api.api, ()))
        yield from _findings("Findings", merge(api.api, api.findings), past, "bad")
        yield from _findings(
            "Notes (only we decided these; no failure here)", merge(api.api, api.notes), past, "remark"
        )
        yield from _findings("Known failures", merge(api.api, api.known), past, "remark")
        for remark in api.remarks:
            yield Row(f"  Remark: {one_line(remark.sentence)}", "remark")
            yield Row(f"    {one_line(', '.join(remark.operations))}", "quiet")
        yield from _not_run(api)
        if api.reason:
            yield Row(f"  {one_line(api.outcome)}: {one_line(api.reason)}", "doubt")
        yield Row("")
    if folder:
        yield Row(f"report: {folder}/index.html")
    yield _last(apis, exit_code)


def _checklist(items: Sequence[ItemVerdict], ascii_only: bool) -> Iterator[Row]:
    width = max((len(item.id) for item in items), default=0)
    for section, group in groupby(items, key=lambda item: item.section):
        yield Row(f"  {one_line(section)}", "head")
        for item in group:
            word = WORDS[item.verdict]
            mark = word.ascii if ascii_only else word.mark
            said = "" if item.verdict in _UNSAID else f"  [{word.label}]"
            yield Row(f"    {mark} {item.id:<{width}}  {one_line(item.text)}{said}", word.tone)
            if item.verdict in _UNSAID:
                continue
            if item.reason:
                yield Row(f"      {one_line(item.reason)}", "quiet")
            for one in [e for e in item.evidence if e.verdict is item.verdict][:2]:
                yield Row(
                    f"      {one_line(one.sentence)}: expected {one_line(one.expected)}; heard {one_line(one.heard)}"
                )


def _findings(heading: str, found: Sequence[Merged], past: Past, tone: str) -> Iterator[Row]:
    if not found:
        return
    yield Row(f"  {heading}: {len(found)}", "head")
    for one in found[:MOST_FINDINGS]:
        finding = one.finding
        times = f", {plural(one.count, 'time')}" if one.count > 1 else ""
        clause = f", clause {one_line(finding.clause)}" if finding.clause else ""
        weaknesses = "".join(f", {weakness}" for weakness in weaknesses_of(finding))
        yield Row(f"    {one.id}  {one_line(finding.cause)}", tone)
        yield Row(
            f"      {one_line(finding.check)} ({finding.severity}, {finding.basis}{clause}{weaknesses}{times})",
            "quiet",
        )
        if listed := past.listed(finding.check, finding.cause):
            yield Row(f"      listed    {one_line(listed)}")
        yield Row(f"      expected  {one_line(finding.expected)}")
        yield Row(f"      heard     {one_line(finding.heard)}")
        for line in reproduce(finding.evidence, past).splitlines():
            # Not cut: a line to paste is whole, or it is none.
            yield Row(f"      $ {line}", "quiet")
    if len(found) > MOST_FINDINGS:
        yield Row(f"    and {len(found) - MOST_FINDINGS} more, in index.html")


def _not_run(api: ApiVerdict) -> Iterator[Row]:
    for crash in api.crashed:
        yield Row(f"  {one_line(broke(crash))}", "bad")
    for name in api.stale:
        yield Row(
            f"  Listed as a known failure, yet it did not show: {one_line(name)}. Take it off the list.",
            "bad",
        )
    reasons = not_run(api)
    if not reasons:
        return
    yield Row("  Not run, not offered or without a verdict", "head")
    for (verdict, reason), titles in list(reasons.items())[:MOST_REASONS]:
        yield Row(
            f"    {plural(len(titles), 'case')} {WORDS[verdict].label}: {one_line(reason)}",
            WORDS[verdict].tone,
        )
    if len(reasons) > MOST_REASONS:
        yield Row(f"    and {plural(len(reasons) - MOST_REASONS, 'more reason')}, in index.html")


def broke(crash: Crash) -> str:
    """What to say of a check that broke."""
    return f"Earwitness's own check {crash.check} broke: {crash.error}. Please report it."


SET_ASIDE = (Verdict.CRASHED, Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.UNIMPLEMENTED)


def not_run(api: ApiVerdict) -> dict[tuple[Verdict, str], list[str]]:
    """The titles of the cases that came to no verdict on the deployment, by what became of them and why."""
    reasons: dict[tuple[Verdict, str], list[str]] = {}
    for case in sorted(api.cases, key=lambda c: SET_ASIDE.index(c.verdict) if c.verdict in SET_ASIDE else 0):
        if case.verdict in SET_ASIDE:
            reasons.setdefault((case.verdict, case.reason or "no reason was given"), []).append(
                case.title or case.id
            )
    return reasons


def tally(verdicts: Iterable[Verdict]) -> str:
    """How many there are of each verdict: ``21 pass, 1 fail``."""
    found = list(verdicts)
    counts = [(verdict, found.count(verdict)) for verdict in reversed(Verdict)]
    return ", ".join(f"{count} {WORDS[verdict].label}" for verdict, count in counts if count)


def _last(apis: Sequence[ApiVerdict], exit_code: int) -> Row:
    code = ExitCode(exit_code)
    items = [item.verdict for api in apis for item in api.items]
    found = sum(len(merge(api.api, api.findings)) for api in apis)
    seeds = ", ".join(str(seed) for seed in dict.fromkeys(api.seed for api in apis))
    parts = [
        f"items: {tally(items)}" if items else "",
        plural(found, "finding"),
        plural(sum(len(api.cases) for api in apis), "case"),
        f"{sum(api.seconds for api in apis):.1f} s, {sum(api.waited_ms for api in apis) / 1000:.1f} s of it waiting to hear",
        f"seed {seeds}" if seeds else "",
        f"exit {int(code)}",
    ]
    word = run_verdict(code).replace("-", " ").upper()
    if not apis:
        return Row(f"{word}: {RUN_SENTENCES[code]} (exit {int(code)})", RUN_TONES[code])
    return Row(f"{word}: {'; '.join(part for part in parts if part)}", RUN_TONES[code])
