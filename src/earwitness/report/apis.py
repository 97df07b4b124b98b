"""An API's verdict as the page shows it: checklist, evidence, findings, transcripts, each made fit to be read and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from earwitness.checks import catalogue, weaknesses_of
from earwitness.report.merge import Merged, merge
from earwitness.report.past import Past
from earwitness.report.reproduce import reproduce
from earwitness.report.results import reproduce_item
from earwitness.report.sequence import score
from earwitness.report.summary import broke, not_run, tally
from earwitness.report.text import as_json, block, one_line
from earwitness.report.transcript import remarks_on, transcript
from earwitness.report.views import (
    ApiView,
    Aside,
    Count,
    Findings,
    FindingView,
    ItemView,
    OperationView,
    Proof,
    Section,
    Told,
)
from earwitness.report.views_load import Fact
from earwitness.report.words import RUN_SENTENCES, RUN_TONES, WORDS, capital, plural, run_verdict
from earwitness.verdict import (
    GRAVITY,
    ApiVerdict,
    CaseVerdict,
    Evidence,
    ItemVerdict,
    OperationVerdict,
    Verdict,
)

MOST_PROOFS = 12
MOST_CASES = 4
MOST_FINDINGS = 100
MOST_TITLES = 20
# The text of all transcripts together; later ones are only named. The markup of a line counts as this much.
PAGE_KEPT = 2_000_000
LINE_COSTS = 400


class Purse:
    """How much text the page may still show in transcripts."""

    def __init__(self) -> None:
        self.left = PAGE_KEPT


class ApiPage:
    """Builds the view of one API; it remembers which transcripts the page shows already."""

    def __init__(self, place: int, api: ApiVerdict, past: Past, purse: Purse) -> None:
        self._anchor = f"api-{place}"
        self._api = api
        self._past = past
        self._purse = purse
        self._cases = {case.id: case for case in api.cases}
        self._places = {case.id: number for number, case in enumerate(api.cases, start=1)}
        self._shown: dict[str, str] = {}

    def view(self) -> ApiView:
        api = self._api
        code = api.exit_code
        # The gravest first, so that a transcript which several items share stands with the one it is looked up for.
        views = {
            id(item): self._item(item) for item in sorted(api.items, key=lambda i: GRAVITY.index(i.verdict))
        }
        sections = tuple(
            Section(one_line(name), tally(i.verdict for i in of), tuple(views[id(i)] for i in of))
            for name, of in (
                (name, list(group)) for name, group in groupby(api.items, key=lambda i: i.section)
            )
        )
        return ApiView(
            anchor=self._anchor,
            api=one_line(api.api),
            title=one_line(api.title or api.api),
            deployment=one_line(api.deployment),
            word=capital(run_verdict(code)),
            tone=RUN_TONES[code],
            sentence=one_line(api.reason) or RUN_SENTENCES[code],
            tally=tally(item.verdict for item in api.items),
            counts=tuple(
                Count(WORDS[v], n) for v in GRAVITY if (n := sum(i.verdict is v for i in api.items))
            ),
            facts=self._facts(),
            sections=sections,
            findings=self._findings(merge(api.api, api.findings)),
            notes=self._findings(merge(api.api, api.notes)),
            known=self._findings(merge(api.api, api.known)),
            remarks=tuple(
                Fact(one_line(r.sentence), one_line(", ".join((*r.operations, *r.cwe)))) for r in api.remarks
            ),
            operations=tuple(_operation(operation) for operation in api.operations),
            asides=(
                *(
                    Aside(
                        WORDS[Verdict.CRASHED],
                        one_line(broke(crash)),
                        (one_line(crash.case or "all cases"),),
                        0,
                    )
                    for crash in api.crashed
                ),
                *(
                    Aside(
                        WORDS[verdict],
                        one_line(reason),
                        tuple(one_line(t) for t in titles[:MOST_TITLES]),
                        max(0, len(titles) - MOST_TITLES),
                    )
                    for (verdict, reason), titles in not_run(api).items()
                ),
            ),
            repeat=self._repeat(),
            environment=self._environment(),
            by_hand=tuple(item for section in sections for item in section.items if item.by_hand),
        )

    def _facts(self) -> tuple[Fact, ...]:
        api, run = self._api, self._past.run
        whose = "a foreign deployment" if api.foreign else "the bundled reference server"
        counts = ", ".join(f"{count} {one_line(name)}" for name, count in api.counts.items())
        facts = (
            Fact("API", one_line(api.api)),
            Fact("Deployment", f"{one_line(api.deployment)} ({whose})"),
            Fact("Address", one_line(run.http)),
            Fact("Started", one_line(run.wall_clock)),
            Fact("Took", f"{api.seconds:.1f} s, {api.waited_ms / 1000:.1f} s of it waiting to hear"),
            Fact("Seed", str(api.seed)),
            Fact("Traffic", counts),
            Fact("Cases", tally(case.verdict for case in api.cases) or "none"),
        )
        return tuple(fact for fact in facts if fact.value)

    def _repeat(self) -> str:
        """What a pasted line needs: a server that is still there, and the tokens that it names."""
        needs = "Lines go into bash or zsh; they need `curl`, and `websocat` where a socket listens. They act on what this run has made."
        if self._api.foreign:
            return f"{needs} Export the tokens of the deployment file first: `export ALICE_TOKEN=…`."
        return (
            f"{needs} Its reference server is gone unless you had started it yourself, and its members were made for the run, with tokens"
            f" that are written nowhere. `earwitness serve {one_line(self._api.api)}` starts a server that stays and prints its address and its"
            " members' tokens: export them (`export ALICE_TOKEN=…`), and put that address, and ids that exist there, into a line. The command"
            " at the top repeats everything."
        )

    def _environment(self) -> tuple[Fact, ...]:
        run = self._past.run
        facts = [
            Fact(
                "run ended",
                one_line(
                    f"{self._api.outcome}: {self._api.reason}" if self._api.reason else self._api.outcome
                ),
            ),
            Fact("exit code", f"{int(self._api.exit_code)} ({run_verdict(self._api.exit_code)})"),
            Fact("HTTP address", one_line(run.http)),
            Fact("socket address", one_line(run.ws)),
            Fact("deadline for an event", f"{run.deadline_ms} ms"),
            Fact("members", one_line(", ".join(self._past.members))),
            Fact("adopted decisions", one_line(", ".join(run.adopted))),
            *(Fact(one_line(name), one_line(as_json(value))) for name, value in run.settings.items()),
            *(Fact(f"{one_line(name)} version", one_line(version)) for name, version in run.versions.items()),
        ]
        return tuple(fact for fact in facts if fact.value)

    def _item(self, item: ItemVerdict) -> ItemView:
        word = WORDS[item.verdict]
        # The proofs that decided come first; the rest say what was looked at besides.
        proofs = sorted(item.evidence, key=lambda e: e.verdict is not item.verdict)
        cases = sorted(
            (self._cases[c] for c in item.cases if c in self._cases),
            key=lambda c: c.verdict is not item.verdict,
        )
        return ItemView(
            id=one_line(item.id),
            text=one_line(item.text, 2_000),
            clause=one_line(item.clause),
            word=word,
            reason=one_line(item.reason, 2_000),
            proofs=tuple(_proof(e) for e in proofs[:MOST_PROOFS]),
            more=max(0, len(proofs) - MOST_PROOFS),
            reproduce=_commands(reproduce_item(item, self._past)),
            told=self._told(cases, one_line(item.id)),
            by_hand=item.verdict is Verdict.MANUAL,
        )

    def _findings(self, found: Sequence[Merged]) -> Findings:
        return Findings(tuple(self._finding(one) for one in found[:MOST_FINDINGS]), len(found))

    def _finding(self, merged: Merged) -> FindingView:
        finding = merged.finding
        cases = [self._cases[c] for c in (finding.case, *merged.cases) if c in self._cases]
        known = catalogue().get(finding.check)
        return FindingView(
            id=merged.id,
            check=one_line(finding.check),
            sentence=known.check.sentence if known else "",
            cause=one_line(finding.cause),
            basis=one_line(finding.basis),
            severity=finding.severity,
            weaknesses=", ".join(weaknesses_of(finding)),
            clause=one_line(finding.clause),
            expected=block(finding.expected),
            heard=block(finding.heard),
            reproduce=_commands(reproduce(finding.evidence, self._past)),
            count=merged.count,
            listed=one_line(self._past.listed(finding.check, finding.cause)),
            told=self._told(cases[:1], f"finding {merged.id}"),
        )

    def _told(self, cases: Iterable[CaseVerdict], place: str) -> tuple[Told, ...]:
        some = [case for case in cases if case.id in self._past.cases][:MOST_CASES]
        return tuple(self._tell(case, place) for case in some)

    def _tell(self, case: CaseVerdict, place: str) -> Told:
        anchor = f"{self._anchor}-case-{self._places[case.id]}"
        title = one_line(case.title or case.id)
        if case.id in self._shown:
            return Told(title, anchor, self._shown[case.id], None)
        if self._purse.left <= 0:
            return Told(title, "", "", None)
        self._shown[case.id] = place
        shown = transcript(case.id, self._past, remarks_on(case))
        self._purse.left -= sum(LINE_COSTS + len(line.said) + len(line.answered) for line in shown.lines)
        return Told(title, anchor, place, score(shown))


def _operation(operation: OperationVerdict) -> OperationView:
    return OperationView(
        id=one_line(operation.id),
        method=one_line(operation.method),
        path=one_line(operation.path),
        reached=tuple(Fact(one_line(status), str(count)) for status, count in operation.reached.items()),
        missing=tuple(one_line(status) for status in operation.missing),
    )


def _proof(evidence: Evidence) -> Proof:
    return Proof(
        one_line(evidence.sentence), WORDS[evidence.verdict], block(evidence.expected), block(evidence.heard)
    )


def _commands(lines: str) -> str:
    # Quoting has made every character of a line visible; only its length is to be bounded, line by line, so that what is left runs.
    return "\n".join(
        line if len(line) <= 4_000 else f"# {plural(len(line), 'character')}: in results.json"
        for line in lines.split("\n")
    )
