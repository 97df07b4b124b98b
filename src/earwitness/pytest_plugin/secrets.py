"""Keeps secrets out of what pytest and Allure write by themselves: their reports are redacted, and the run's folder swept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from earwitness.redact import Redactor

# The redactors of the run, one an API, each with the folder that the run writes to.
REDACTORS = pytest.StashKey[list[tuple[Redactor, Path | None]]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Redact what is told of a test that failed: tracebacks hold whatever was in the hands of whoever failed."""
    report = yield
    known = item.config.stash.get(REDACTORS, [])
    if known and isinstance(report, pytest.TestReport) and report.failed:
        told = text = str(report.longrepr)
        for redactor, _ in known:
            text = redactor.redact(text)
        if text != told:
            report.longrepr = text
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Sweep the run's folder. What another plugin wrote with a secret in it is redacted; what cannot be is our error."""
    left: list[Path] = []
    for redactor, folder in session.config.stash.get(REDACTORS, []):
        if folder is not None and folder.is_dir():
            left += clean(redactor, folder)
    if left:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if isinstance(reporter, pytest.TerminalReporter):
            reporter.write_line(
                f"earwitness: a secret stands in {', '.join(map(str, left))}: an error of ours; delete the run"
            )


def clean(redactor: Redactor, folder: Path) -> list[Path]:
    """Redact every file below ``folder`` that holds a secret; returns those that hold one still."""
    for path in redactor.sweep(folder):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        path.write_text(redactor.redact(text), encoding="utf-8", errors="surrogateescape")
    return redactor.sweep(folder)
