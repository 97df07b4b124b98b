"""Lets Schemathesis loose on one session's deployment, once, and tells each operation's case what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from earwitness.checks import Crash, Finding, findings_and_crashes
from earwitness.content import content_root
from earwitness.deployment import host_of
from earwitness.deployment.model import placeholder
from earwitness.documents import Documents
from earwitness.generated.config import Effort, Plan
from earwitness.generated.ground import Ground, lay
from earwitness.generated.read import SPURIOUS, Caller, Outcome, Result, read
from earwitness.generated.run import TOKEN, run
from earwitness.history import CaseEnded, CaseStarted, Entry, Json, MemberJoined
from earwitness.live import LiveMember, NotRun, Session, Stage, Stopped, Unimplemented, Unreachable
from earwitness.member import auth_headers
from earwitness.world import World

HOOKS: Final = Path("contracts", "schemathesis_hooks.py")
REQUESTS: Final = 2_000
SECONDS: Final = 60.0
_KEEP: Final = 1_000_000


class EngineFault(Exception):
    """Schemathesis or our hooks failed: an error of ours, which says nothing about the deployment."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What generated requests came to on one deployment, or the ``failure`` because of which there were none; ``cases``
    are those that the exchanges were written into."""

    cases: frozenset[str]
    outcome: Outcome = field(default_factory=Outcome)
    left_out: Mapping[str, str] = field(default_factory=dict)
    failure: BaseException | None = None
    _judged: list[tuple[tuple[Finding, ...], tuple[Crash, ...]]] = field(default_factory=list, compare=False)

    def judged(
        self, history: Iterable[Entry], documents: Documents
    ) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
        """What the checks find in those entries of ``history`` that were generated: worked out once, since it is the same for
        every operation's case, and as much work as all the rest of a run."""
        if not self._judged:
            entries = (entry for entry in history if not entry.case or entry.case in self.cases)
            self._judged.append(findings_and_crashes(documents.world(entries)))
        return self._judged[0]

    def tell(self, operation: str) -> None:
        """Raise what has to be said of ``operation`` besides what the checks find in its exchanges: NotRun when nothing was
        asked, Unreachable when the deployment is gone, or whatever prevented the run."""
        if self.outcome.gone:
            raise Unreachable(f"after a generated request {self.outcome.gone}")
        if self.failure is not None:
            raise self.failure
        if operation in self.left_out:
            raise NotRun(self.left_out[operation])
        result = self.outcome.results.get(operation, Result(operation))
        if not result.entries:
            raise NotRun(result.skipped or self.outcome.stopped or "nothing was generated for it")


class WithAllGenerated(Stage):
    """The stage of an operation's case, judged with the exchanges of all of them: one operation sends what another lists,
    so none can be judged by its own part alone."""

    def __init__(self, stage: Stage, generated: Generated) -> None:
        super().__init__(stage.session, stage.case)
        self._generated = generated

    def found(self, world: World) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
        """What the checks find in the whole run of generated requests, of which ``world`` is one operation's part."""
        return self._generated.judged(self.journal, self.session.documents)


def generate(
    session: Session,
    cases: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    requests: int = REQUESTS,
    effort: float = 1.0,
) -> Generated:
    """One run on ``session``'s deployment, of ``seconds`` and ``requests`` at the most; with an ``effort`` above 1, of as many times these.

    ``cases`` names the case of each operation: its exchanges go into the history as that case's. The run's members and
    objects are made in a case of their own. Nothing is raised: what prevents the run is in the result, so that every
    operation's case can tell it.
    """
    case = f"generated requests [{session.documents.api}]"
    every = frozenset((case, *cases.values()))
    session.journal.case = case
    session.journal.append(CaseStarted(suite="contracts", title="what generated requests may touch"))
    stage = Stage(session, case)
    failure: BaseException | None = None
    try:
        _may(session)
        caller, ground = lay(stage)
    except Stopped as error:
        failure = NotRun(f"there is nothing to generate requests on: {error}")
    except Exception as error:
        failure = error
    finally:
        stage.close()
        session.journal.append(CaseEnded(outcome=_ending(failure), reason=str(failure or ""), case=case))
        session.journal.case = ""
    if failure is not None:
        return Generated(every, failure=failure)
    try:
        outcome = _run(
            session,
            caller,
            ground,
            min(round(requests * max(1, effort)), session.deployment.budget.requests),
            seconds * max(1, effort),
            effort,
        )
    except Exception as error:
        # An error of ours: kept, so that it crashes the cases, where the history and the report can show it.
        return Generated(every, failure=error)
    # Members are known by their names within a case.
    joined = [entry for entry in stage.entries() if isinstance(entry, MemberJoined) and entry.case == case]
    entries: list[tuple[Entry, str]] = [(e, each) for e in joined for each in cases.values()]
    entries += [(e, case) for e in outcome.rest]
    entries += [(e, cases.get(r.operation, case)) for r in outcome.results.values() for e in r.entries]
    for entry, belongs in sorted(entries, key=lambda pair: pair[0].t):
        session.journal.append(replace(entry, case=belongs))
    failed = EngineFault("; ".join(outcome.faults)) if outcome.faults and not outcome.gone else None
    return Generated(every, outcome, ground.left_out, failed)


def _may(session: Session) -> None:
    deployment = session.deployment
    if deployment.paths:
        raise NotRun(
            f"requests are generated for the documented paths, and this deployment spells them as {deployment.paths!r}"
        )
    if "write-own" not in deployment.tiers:
        raise NotRun("generated requests need the tier write-own")


def _ending(
    failure: BaseException | None,
) -> Literal["done", "not-run", "unimplemented", "unreachable", "crashed"]:
    match failure:
        case None:
            return "done"
        case NotRun():
            return "not-run"
        case Unimplemented():
            return "unimplemented"
        case Unreachable():
            return "unreachable"
        case _:
            return "crashed"


def _run(
    session: Session, caller: LiveMember, ground: Ground, requests: int, seconds: float, effort: float
) -> Outcome:
    """Run, and once more when the engine failed for a reason that will not come again."""
    documents, deployment = session.documents, session.deployment
    stand_in = placeholder(caller.name, "token")
    plan = Plan(
        base_url=deployment.http,
        seed=session.seed,
        hooks=content_root() / HOOKS,
        headers=auth_headers(documents.binding, "member", f"${{{TOKEN}}}", caller.arguments),
        left_out=tuple(ground.left_out),
        patience_s=deployment.deadline_ms / 1000 + 5,
        ca_file=deployment.ca_file,
        effort=Effort().times(effort),
    )
    settings: dict[str, Json] = {
        **ground.settings(), "host": host_of(deployment.http), "patience_s": plan.patience_s, "limit": requests, "keep": _KEEP, "placeholder": stand_in,
    }  # fmt: skip
    asking = Caller(caller.name, auth_headers(documents.binding, "member", stand_in, caller.arguments))
    document = documents.spec.folder / "openapi.yaml"
    outcome = Outcome()
    for attempt in (1, 2):
        done = run(document, plan, settings, caller._account.token, seconds)
        late = f"the {seconds:g} seconds for generated requests were over" if done.late else ""
        found = read(
            done.events,
            done.log,
            documents.spec,
            asking,
            base_url=deployment.http,
            prefix=f"g{attempt}-",
            late=late,
        )
        outcome = outcome.followed_by(found)
        if not found.faults and done.code not in (0, 1) and not outcome.stopped and not outcome.gone:
            outcome = replace(outcome, faults=(f"it ended with exit code {done.code}",))
        if not any(SPURIOUS in fault for fault in outcome.faults):
            break
    if outcome.faults:
        outcome = replace(outcome, faults=(*outcome.faults, done.words.strip()))
    return outcome
