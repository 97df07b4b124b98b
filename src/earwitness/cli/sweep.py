"""Sweeps the folder of a load once its report is written: a secret in it is taken out again, and fails the run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from earwitness.errors import CouldNotTest, ExitCode, Problem
from earwitness.redact import Redactor
from earwitness.report import LoadResult

Write = Callable[[Sequence[LoadResult], str], ExitCode]


def write_swept(
    write: Write, loads: Sequence[LoadResult], command: str, folder: Path, redactor: Redactor
) -> ExitCode:
    """Have ``write`` write the report of ``loads`` and ``command`` into ``folder``, and sweep it; returns the exit code.

    What came through a load's own redaction (a name of a file on the command line, an error of ours) is taken out by writing the report
    once more, as one of loads that failed. Raises CouldNotTest when a secret stands there even then.
    """
    code = write(loads, command)
    hit = redactor.sweep(folder)
    if not hit:
        return code
    files = ", ".join(path.name for path in hit)
    reason = f"a secret stood in {files} and was taken out: it was on the command line, or an error of ours let it through"
    sys.stderr.write(f"earwitness: {reason}\n")
    code = write([_without(one, redactor, reason) for one in loads], redactor.redact(command))
    if left := redactor.sweep(folder):
        what = f"a secret stands in {', '.join(map(str, left))}"
        raise CouldNotTest(Problem(what, expected="none: an error of ours", hint="delete the run"))
    return code


def _without(load: LoadResult, redactor: Redactor, reason: str) -> LoadResult:
    record = json.loads(redactor.redact(json.dumps(dict(load.record))))
    before = str(record.get("reason") or "")
    told = {"reason": f"{before}; {reason}" if before else reason}
    return LoadResult({**record, **told}, ExitCode.COULD_NOT_TEST, redactor.redact(load.command))
