"""Stories as test cases: the stories of a run, and the shortest one that still goes wrong where one did."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from earwitness.documents import Documents
from earwitness.history import CaseStarted, Journal
from earwitness.live import Session, Stage
from earwitness.pytest_plugin.cases import end_and_judge, ending_of
from earwitness.redact import Redactor
from earwitness.stories import Story, as_test, perform, shorten, tell, tell_all
from earwitness.verdict import CaseVerdict, Verdict

# A shorter story costs about as much as the one that went wrong.
TRIES = 60


_STORIES = pytest.StashKey[dict[str, tuple[Story, ...]]]()


def story_in(config: pytest.Config, documents: Documents, which: int) -> Story:
    """The story ``which`` (from 1) of those that this run's seed tells about an API; all are made up when the first is asked for."""
    number, seed = config.getoption("stories"), config.getoption("ew_seed")
    stories = config.stash.setdefault(_STORIES, {})
    if documents.api not in stories:
        stories[documents.api] = tell_all(documents.binding, documents.spec, number, seed)
    told = stories[documents.api]
    return told[(which - 1) % len(told)]


@dataclass(slots=True)
class Trials:
    """Performs stories beside the run, with a history of their own that nobody keeps, and looks whether they go wrong alike."""

    beside: Session
    wanted: frozenset[str]
    numbers: count[int] = field(default_factory=lambda: count(1))

    def goes_wrong(self, story: Story) -> bool:
        """Whether ``story`` fails one of the checks that are wanted."""
        case = f"story {next(self.numbers)}"
        return bool(self.wanted & failed(_performed(self.beside, case, story)))


def failed(verdict: CaseVerdict) -> frozenset[str]:
    """What a case has failed: the checks that found something, and the claims that do not hold."""
    claims = {one.sentence.partition(" ")[2] for one in verdict.evidence if one.verdict is Verdict.FAIL}
    return frozenset({finding.check for finding in verdict.findings} or claims)


def shortest(story: Story, session: Session, redactor: Redactor, verdict: CaseVerdict) -> Story:
    """The shortest story that goes wrong as ``story`` did by its ``verdict``; found on members and rooms of its own."""
    beside = Session(
        session.documents, session.deployment, Journal(redact=redactor.redact), redactor, seed=session.seed
    )
    try:
        trials = Trials(beside, failed(verdict))
        again = partial(tell, session.documents.binding, session.documents.spec)
        return shorten(story, again, trials.goes_wrong, TRIES)
    finally:
        beside.end()


def tell_shortest(
    told: Story, stage: Stage, redactor: Redactor, verdict: CaseVerdict, folder: Path | None
) -> str:
    """Find the shortest story, perform it as a case of the run, and write it down in ``folder``; what to tell of it.

    On somebody's deployment nothing is tried again: what a run may cost there was agreed for the run.
    """
    session = stage.session
    story = told if session.deployment.foreign else shortest(told, session, redactor, verdict)
    if story != told:
        verdict = _performed(session, f"{stage.case} at its shortest", story)
        session.journal.case = stage.case
    lines = ["The shortest story that goes wrong:", "", *(f"    {line}" for line in story.lines)]
    if folder:
        file = folder / "stories" / f"test_{_file_name(stage.case)}.py"
        file.parent.mkdir(exist_ok=True)
        went_wrong = "\n".join(
            dict.fromkeys(
                f"{each.check}: expected {each.expected}, heard {each.heard}" for each in verdict.findings
            )
        )
        told_as_test = as_test(story, session.documents.api, redactor.redact(went_wrong))
        file.write_text(told_as_test, encoding="utf-8")
        lines += ["", f"It is in {file}, which says how to repeat it."]
    return "\n".join(lines)


def _performed(session: Session, case: str, story: Story) -> CaseVerdict:
    session.journal.case = case
    session.journal.append(CaseStarted(suite="contracts", title=case.rpartition("::")[2] or case))
    stage = Stage(session, case)
    error: Exception | None = None
    try:
        perform(story, stage)
    except Exception as raised:
        error = raised
    ending, reason = ending_of(error)
    try:
        return end_and_judge(stage, ending, reason)[0]
    finally:
        stage.close()


def _file_name(case: str) -> str:
    name = case.rpartition("::")[2]
    return "".join(letter if letter.isalnum() else "_" for letter in name.removeprefix("test_")).strip("_")
