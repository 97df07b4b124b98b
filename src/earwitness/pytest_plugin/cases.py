"""Turns what happened in a test into the end of a case, its verdict, and what pytest shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import allure
import pytest

from earwitness.checks import Crash
from earwitness.errors import CouldNotTest, RefusedByPolicy
from earwitness.history import CaseEnded
from earwitness.live import NotRun, Stage, Stopped, Unimplemented, Unreachable
from earwitness.report import Past, transcript
from earwitness.report.summary import broke
from earwitness.verdict import CaseVerdict, Verdict, judge_case

Ending = Literal["done", "not-run", "unimplemented", "unreachable", "crashed"]


def case_of(node: pytest.Item) -> str:
    """The id of a test's case: its folder, file and name, wherever the content lies and whoever runs it from where."""
    return f"{node.path.parent.name}/{node.path.name}::{node.name}"


def covered_by(node: pytest.Item) -> tuple[str, ...]:
    """The checklist items, of all APIs, that a test covers."""
    return tuple(str(item) for mark in node.iter_markers("covers") for item in mark.args)


def ending_of(error: BaseException | None) -> tuple[Ending, str]:
    """How a test ended that raised ``error``, and why."""
    match error:
        case None | Stopped():
            return "done", ""
        case NotRun() | RefusedByPolicy() | pytest.skip.Exception():
            return "not-run", " ".join(str(error).split())
        case Unimplemented():
            return "unimplemented", str(error)
        case Unreachable() | CouldNotTest():
            return "unreachable", " ".join(str(error).split())
        case _:
            return "crashed", f"{type(error).__name__}: {error}"[:500]


def end_case(stage: Stage, ending: Ending, reason: str) -> bool:
    """Write the case's end into the history, unless it has one; returns whether it had none."""
    if any(isinstance(entry, CaseEnded) for entry in stage.journal.of(stage.case)):
        return False
    stage.journal.append(CaseEnded(outcome=ending, reason=reason, case=stage.case))
    return True


def verdict_on(stage: Stage) -> tuple[CaseVerdict, tuple[Crash, ...]]:
    """The verdict on a case that has ended, from its own slice of the history; and the checks that broke over it."""
    world = stage.world()
    found, crashed = stage.found(world)
    findings = [finding for finding in found if finding.case == stage.case]
    judged = judge_case(world.line.cases[stage.case], world, findings)
    return judged.verdict, (*crashed, *judged.crashed)


def end_and_judge(stage: Stage, ending: Ending, reason: str) -> tuple[CaseVerdict, tuple[Crash, ...]]:
    """End the case, and judge it when nothing more is to be expected; see ``verdict_on``."""

    def judged() -> tuple[CaseVerdict, tuple[Crash, ...]]:
        end_case(stage, ending, reason)
        return verdict_on(stage)

    return stage.settle_while(judged) if ending in ("done", "unimplemented") else judged()


def finish(
    stage: Stage, error: BaseException | None, judged: Callable[[CaseVerdict], None] = lambda _: None
) -> None:
    """End the case, hand its verdict to ``judged``, and raise what pytest is to show: nothing, a skip with its reason, or a
    failure with all mismatches."""
    ending, reason = ending_of(error)
    verdict, broken = end_and_judge(stage, ending, reason)
    judged(verdict)
    allure.attach(transcript_of(stage), name="transcript", attachment_type=allure.attachment_type.TEXT)
    if ending == "crashed":
        assert error is not None
        raise error
    if broken:
        raise RuntimeError("; ".join(broke(crash) for crash in broken))
    if verdict.verdict in (Verdict.FAIL, Verdict.FIXED):
        pytest.fail(_mismatches(verdict, stage), pytrace=False)
    if verdict.verdict in (Verdict.NOT_RUN, Verdict.UNIMPLEMENTED, Verdict.INCONCLUSIVE, Verdict.KNOWN_FAIL):
        why = verdict.reason or next((e.heard for e in verdict.evidence if e.verdict is not Verdict.PASS), "")
        pytest.skip(f"{verdict.verdict}: {why}")


def transcript_of(stage: Stage) -> str:
    """Who said and heard what in a case, as text."""
    return str(transcript(stage.case, Past.of(stage.entries())))


def _mismatches(verdict: CaseVerdict, stage: Stage) -> str:
    lines = []
    for one in verdict.evidence:
        if one.verdict is Verdict.FAIL:
            lines += [f"{one.sentence}", f"    expected: {one.expected}", f"    heard:    {one.heard}"]
    claimed = {one.expected for one in verdict.evidence}
    for finding in verdict.findings:
        if finding.expected not in claimed:
            lines += [
                f"{finding.check}",
                f"    expected: {finding.expected}",
                f"    heard:    {finding.heard}",
            ]
    return "\n".join([*lines, "", transcript_of(stage)])
