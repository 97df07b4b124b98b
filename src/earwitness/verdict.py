"""Verdicts: what the history of a run says about every checklist item, operation and case; pure, so it can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from earwitness.checks import Crash, Finding, Outcome, check_of, findings_and_crashes, judge_claim
from earwitness.checks.remarks import Remark, remarks
from earwitness.errors import ExitCode, worst
from earwitness.history import Claimed, Entry, Json
from earwitness.spec import Item
from earwitness.world import Case, World

WorldOf = Callable[[Iterable[Entry]], World]


class Verdict(StrEnum):
    """What can be said of a case or an item (design, section 5), the gravest first."""

    FAIL = "fail"
    FIXED = "fixed"
    CRASHED = "crashed"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not-run"
    UNIMPLEMENTED = "unimplemented"
    MANUAL = "manual"
    KNOWN_FAIL = "known-fail"
    NOTE = "note"
    PASS = "pass"


GRAVITY = tuple(Verdict)

# What each verdict costs the run: nothing, or an exit code.
COSTS: Mapping[Verdict, ExitCode] = {
    Verdict.FAIL: ExitCode.FAILED,
    Verdict.FIXED: ExitCode.FAILED,
    Verdict.CRASHED: ExitCode.COULD_NOT_TEST,
    Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that stands for several: the gravest; ``NOT_RUN`` when there is none."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one claim came to: the sentence, how it came out, and where in the history that can be seen."""

    sentence: str
    verdict: Verdict
    expected: str
    heard: str
    entries: tuple[int, ...]
    case: str


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """A case: its verdict, the reason where there is one to give, its evidence and the findings of its slice."""

    id: str
    suite: str
    title: str
    covers: tuple[str, ...]
    operations: tuple[str, ...]
    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    started: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """A checklist item, judged by the claims of the cases that cover it."""

    id: str
    section: str
    text: str
    clause: str
    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationVerdict:
    """An operation: how often each documented status was reached, and which never was."""

    id: str
    method: str
    path: str
    reached: Mapping[str, int]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiVerdict:
    """Everything that a history says about one API on one deployment."""

    api: str
    title: str
    deployment: str
    foreign: bool
    seed: int
    verdict: Verdict
    exit_code: ExitCode
    items: tuple[ItemVerdict, ...]
    operations: tuple[OperationVerdict, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    known: tuple[Finding, ...]
    cases: tuple[CaseVerdict, ...]
    outcome: str
    reason: str
    waited_ms: int = 0
    seconds: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    crashed: tuple[Crash, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseJudged:
    """The verdict on a case, the findings that its claims make, and the claims that could not be judged."""

    verdict: CaseVerdict
    broken: tuple[Finding, ...]
    crashed: tuple[Crash, ...]


def judge(history: Iterable[Entry], world_of: WorldOf) -> ApiVerdict:
    """The verdict on everything that ``history`` holds; ``world_of`` builds the world over the API's documents.

    Pure: the same history gives the same verdict, today or when it is read back from its file.
    """
    entries = tuple(history)
    world = world_of(entries)
    line = world.line
    # What was asked before any exercise only tells whether there is something to test: nobody is blamed for it.
    findings, crashed = findings_and_crashes(world) if line.cases else ((), ())
    by_case: dict[str, list[Finding]] = {}
    for finding in findings:
        by_case.setdefault(finding.case, []).append(finding)
    cases: list[CaseVerdict] = []
    claimed: list[Finding] = []
    broken_checks: dict[str, frozenset[str]] = {}
    for case in line.cases.values():
        judged = judge_case(case, world, by_case.get(case.id, []))
        cases.append(judged.verdict)
        claimed.extend(judged.broken)
        crashed += judged.crashed
        broken_checks[case.id] = _checks_of(judged.broken)
    every = (*findings, *claimed)
    known, rest = _split_known(every, world, broken_checks)
    notes = tuple(f for f in rest if is_note(f, world))
    failures = tuple(f for f in rest if not is_note(f, world))
    items = tuple(_item(item_id, world, cases) for item_id in world.spec.checklist.items)
    outcome, reason = (
        (line.ended.outcome, line.ended.reason) if line.ended else ("interrupted", "the history has no end")
    )
    ran = any(c.verdict in RAN for c in cases)
    # What was set aside says nothing of a run in which something else was tested.
    verdicts = [c.verdict for c in cases if not ran or c.verdict not in ASIDE]
    verdicts += [Verdict.FAIL] if failures else []
    stale = _stale(world, every, cases, broken_checks, crashed) if ran and outcome == "finished" else ()
    verdicts += [Verdict.FIXED for _ in stale]
    verdicts += [Verdict.CRASHED for _ in crashed]
    verdicts += [Verdict.INCONCLUSIVE] if outcome != "finished" else []
    codes = [COSTS[v] for v in verdicts if v in COSTS]
    broken_off = any(
        c.ended is not None and c.ended.outcome in ("unreachable", "crashed") for c in line.cases.values()
    )
    if outcome == "died" or broken_off:
        codes.append(ExitCode.COULD_NOT_TEST)
    codes += [ExitCode.INTERRUPTED] if outcome == "interrupted" else []
    codes += [ExitCode.INCONCLUSIVE] if not ran else []
    return ApiVerdict(
        api=world.spec.name,
        title=world.spec.title,
        deployment=line.run.deployment,
        foreign=line.run.foreign,
        seed=line.run.seed,
        verdict=gravest(verdicts),
        exit_code=worst(codes),
        items=items,
        operations=tuple(_operation(world, operation) for operation in world.spec.operations),
        findings=failures,
        notes=notes,
        known=known,
        cases=tuple(cases),
        outcome=outcome,
        reason=reason,
        waited_ms=sum(s.waited_ms for s in line.settled),
        seconds=(line.last - entries[0].t) / 1e9 if entries else 0.0,
        counts={
            "requests": sum(e.by_http for e in line.exchanges.values()),
            "frames said": sum(not e.by_http for e in line.exchanges.values()),
            "frames heard": len(world.delivery.heard),
            "sockets": len(line.sockets),
        },
        stale=stale,
        crashed=crashed,
        remarks=remarks(world),
    )


# Verdicts that say that something was tested.
RAN = frozenset((Verdict.PASS, Verdict.FAIL, Verdict.NOTE, Verdict.KNOWN_FAIL, Verdict.FIXED))
# Those that say that it was left out on purpose.
ASIDE = frozenset((Verdict.NOT_RUN, Verdict.UNIMPLEMENTED, Verdict.MANUAL))


def judge_case(case: Case, world: World, findings: Iterable[Finding]) -> CaseJudged:
    """The verdict on one case, by its claims and by what the checks found in its slice."""
    outcomes: list[tuple[Claimed, Outcome | Crash, Finding | None]] = []
    for claim in case.claims:
        try:
            outcomes.append((claim, *judge_claim(claim, world)))
        except Exception as error:  # a bug of ours must not cost the run its other claims
            outcomes.append((claim, Crash.of(check_of(claim), error, case.id), None))
    broken = tuple(made for _, _, made in outcomes if made is not None)
    crashed = tuple(came for _, came, _ in outcomes if isinstance(came, Crash))
    broken_checks = {case.id: _checks_of(broken)}
    evidence = [_evidence(*one, world, broken_checks) for one in outcomes]
    known, rest = _split_known((*findings, *broken), world, broken_checks)
    verdicts = [Verdict.NOTE if is_note(f, world) else Verdict.FAIL for f in rest]
    verdicts += [Verdict.KNOWN_FAIL for _ in known]
    verdicts += [e.verdict for e in evidence if e.verdict in (Verdict.INCONCLUSIVE, Verdict.CRASHED)]
    ended, reason = case.ended, ""
    if crashed:
        reason = f"the check {crashed[0].check} broke: {crashed[0].error}"
    if ended is None:
        verdicts.append(Verdict.INCONCLUSIVE)
        reason = "it did not end"
    elif ended.outcome != "done":
        # What had failed before stays failed: a skip or a crash later on does not take it back.
        stop = {
            "not-run": Verdict.NOT_RUN,
            "unimplemented": Verdict.UNIMPLEMENTED,
            "crashed": Verdict.CRASHED,
        }
        verdicts.append(stop.get(ended.outcome, Verdict.INCONCLUSIVE))
        reason = ended.reason
    verdict = gravest([*verdicts, Verdict.PASS])
    seconds = (ended.t - case.entry.t) / 1e9 if ended else 0.0
    judged = CaseVerdict(
        case.id, case.entry.suite, case.entry.title, case.entry.covers, case.entry.operations, verdict, reason,
        tuple(evidence), (*known, *rest), case.entry.t, seconds,
    )  # fmt: skip
    return CaseJudged(judged, broken, crashed)


def _checks_of(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.check for finding in findings)


def _evidence(
    claim: Claimed,
    outcome: Outcome | Crash,
    finding: Finding | None,
    world: World,
    broken: Mapping[str, frozenset[str]],
) -> Evidence:
    if isinstance(outcome, Crash):
        return Evidence(
            claim.sentence, Verdict.CRASHED, "an answer of ours", outcome.error, (claim.n,), claim.case
        )
    if outcome.held is None:
        verdict = Verdict.INCONCLUSIVE
    elif finding is None:
        verdict = Verdict.PASS
    elif _split_known((finding,), world, broken)[0]:
        verdict = Verdict.KNOWN_FAIL
    else:
        verdict = Verdict.NOTE if is_note(finding, world) else Verdict.FAIL
    return Evidence(claim.sentence, verdict, outcome.expected, outcome.heard, outcome.entries, claim.case)


def is_note(finding: Finding, world: World) -> bool:
    """Whether a finding is only a note: a foreign deployment broke something that only we decided, and did not adopt it."""
    if finding.basis != "decided" or not world.line.run.foreign:
        return False
    return not any(word in (finding.check, finding.cause, "all") for word in world.line.run.adopted)


def _matches(
    known: Mapping[str, Json], finding: Finding, world: World, broken: Mapping[str, frozenset[str]]
) -> bool:
    """Whether a known failure names the finding's check, its cause, or a checklist item that its case covers.

    An item stands for what its claims say, and no more: of the findings in a case, those of a check by which one of the
    case's claims is broken. ``broken`` has these checks for each case.
    """
    if known.get("match") in (finding.check, finding.cause):
        return True
    case = world.line.cases.get(finding.case)
    return (
        case is not None
        and finding.check in broken.get(finding.case, ())
        and _covers(case.entry.covers, known, world)
    )


def _covers(covers: Iterable[str], known: Mapping[str, Json], world: World) -> bool:
    return any(item in (known.get("match"), f"{world.spec.name}:{known.get('match')}") for item in covers)


def _split_known(
    findings: Iterable[Finding], world: World, broken: Mapping[str, frozenset[str]]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    found = tuple(findings)
    listed = tuple(
        f for f in found if any(_matches(k, f, world, broken) for k in world.line.run.known_failures)
    )
    return listed, tuple(f for f in found if f not in listed)


def _stale(
    world: World,
    findings: Iterable[Finding],
    cases: Iterable[CaseVerdict],
    broken: Mapping[str, frozenset[str]],
    crashed: Iterable[Crash],
) -> tuple[str, ...]:
    """What is listed, yet did not fail. An item that no case has tested may fail still, and so may a check that broke, or
    whose contracts were left out."""
    unjudged = {crash.check for crash in crashed}
    found = tuple(findings)
    tested = tuple(case for case in cases if case.verdict in RAN)
    whole = any(case.suite == "contracts" for case in tested)
    stale = (
        k
        for k in world.line.run.known_failures
        if not any(_matches(k, f, world, broken) for f in found)
        and str(k.get("match")).partition(":")[0] not in unjudged
    )
    return tuple(
        str(known.get("match"))
        for known in stale
        if (
            whole
            if _item_of(known, world) is None
            else any(_covers(case.covers, known, world) for case in tested)
        )
    )


def _item_of(known: Mapping[str, Json], world: World) -> Item | None:
    return world.spec.checklist.items.get(str(known.get("match")).removeprefix(f"{world.spec.name}:"))


def _item(item_id: str, world: World, cases: list[CaseVerdict]) -> ItemVerdict:
    item = world.spec.checklist.items[item_id]
    covering = [case for case in cases if f"{world.spec.name}:{item_id}" in case.covers]
    evidence = tuple(e for case in covering for e in case.evidence)
    verdicts = [_by_claims(case) for case in covering]
    if item.manual:
        verdict, reason = Verdict.MANUAL, item.manual
    else:
        verdict = gravest(verdicts)
        reason = next(
            (c.reason for c, v in zip(covering, verdicts, strict=True) if v is verdict and c.reason), ""
        )
        if not covering:
            reason = "no exercise that covers it was run"
    cases_ids = tuple(case.id for case in covering)
    return ItemVerdict(item.id, item.section, item.text, item.clause, verdict, reason, evidence, cases_ids)


def _by_claims(case: CaseVerdict) -> Verdict:
    """A case as an item sees it: by what the case claims. What checks find besides is reported, but is another promise."""
    verdicts = [e.verdict for e in case.evidence]
    if case.verdict in (Verdict.NOT_RUN, Verdict.UNIMPLEMENTED, Verdict.CRASHED, Verdict.INCONCLUSIVE):
        verdicts.append(case.verdict)
    if not verdicts and case.verdict is not Verdict.PASS:
        verdicts.append(case.verdict)
    return gravest([*verdicts, Verdict.PASS] if verdicts else [Verdict.INCONCLUSIVE])


def _operation(world: World, operation_id: str) -> OperationVerdict:
    operation = world.spec.operations[operation_id]
    reached: dict[str, int] = {}
    for exchange in world.line.exchanges.values():
        if exchange.operation is operation and exchange.response is not None:
            reached[str(exchange.status)] = reached.get(str(exchange.status), 0) + 1
    missing = tuple(status for status in operation.responses if status.isdigit() and status not in reached)
    return OperationVerdict(
        operation.id, operation.method, operation.path, dict(sorted(reached.items())), missing
    )
