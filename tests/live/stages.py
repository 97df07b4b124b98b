"""What the tests of live share: a session on a reference server, and stages on it that are judged like a case of a suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from earwitness.content import content_root
from earwitness.deployment import Deployment, ReferenceServer
from earwitness.documents import load_documents
from earwitness.history import CaseStarted, Journal
from earwitness.live import Session, Stage
from earwitness.pytest_plugin.cases import end_case, verdict_on
from earwitness.redact import Redactor
from earwitness.verdict import CaseVerdict


@contextmanager
def session_on(deployment: Deployment) -> Iterator[Session]:
    """A session whose history is in memory."""
    redactor = Redactor()
    session = Session(load_documents(deployment.api), deployment, Journal(redact=redactor.redact), redactor)
    try:
        yield session
    finally:
        session.end()


@contextmanager
def reference_session(*defects: str, deadline_ms: int = 2_000, api: str = "fe16ops") -> Iterator[Session]:
    """A session on a reference server of its own."""
    with ReferenceServer.start(api, defects=defects, content=content_root()) as server:
        with session_on(replace(server.deployment, deadline_ms=deadline_ms)) as session:
            yield session


@contextmanager
def stage_of(session: Session, case: str) -> Iterator[Stage]:
    """A stage with its case in the history, as a suite's fixture makes it."""
    session.journal.case = case
    session.journal.append(CaseStarted(suite="tests", title=case))
    stage = Stage(session, case)
    try:
        yield stage
    finally:
        stage.close()
        session.journal.case = ""


def verdict(stage: Stage) -> CaseVerdict:
    """The verdict on what happened on ``stage``."""
    stage.settle()
    end_case(stage, "done", "")
    return verdict_on(stage)[0]
