"""Checks APIs: runs their suites, judges their histories, writes the report and says what came of it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.status import Status

from earwitness.cli.choose import Choice
from earwitness.cli.suites import Suites
from earwitness.documents import load_documents, split_runs
from earwitness.errors import CouldNotTest, ExitCode, Problem, UsageError, worst
from earwitness.history import Entry, RunStarted, read_history
from earwitness.report import LoadResult, dumps, index_html, junit, results, show_summary
from earwitness.verdict import ApiVerdict

# What pytest's own exit code costs the run besides what the history says: 2 interrupted, 3 internal, 4 usage, 5 no tests.
_PYTEST = {
    2: ExitCode.COULD_NOT_TEST,
    3: ExitCode.COULD_NOT_TEST,
    4: ExitCode.COULD_NOT_TEST,
    5: ExitCode.INCONCLUSIVE,
}


def check_apis(choice: Choice, part: str, out: Path | None, as_json: bool, command: str) -> ExitCode:
    """Check every chosen API and write ``history.jsonl``, ``results.json``, ``junit.xml``, ``allure-results/`` and
    ``index.html`` into a folder of the run's own; returns the exit code.

    Whatever happens on the way, what there is gets judged and reported.
    """
    console = Console(stderr=True)
    folder = new_folder(out, "-".join(choice.apis) if len(choice.apis) < 3 else "all")
    codes = run_checks(choice, part, folder, console)
    return write_report(folder, codes, console, as_json, command)


def run_checks(choice: Choice, part: str, folder: Path, console: Console) -> list[ExitCode]:
    """Run the suites of every chosen API, their histories into ``folder``; returns what the runs themselves cost."""
    for warning in choice.warnings:
        console.print(f"warning: {warning}", markup=False, highlight=False, soft_wrap=True)
    codes: list[ExitCode] = []
    for api in choice.apis:
        try:
            codes.append(_run(choice, api, part, folder, console))
        except KeyboardInterrupt:
            codes.append(ExitCode.INTERRUPTED)
            break
    return codes


def new_folder(out: Path | None, name: str) -> Path:
    """An empty folder for a run: ``out``, or one of its own below ``reports/runs`` here. Raises UsageError for a full one."""
    if out is None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        out = Path("reports", "runs", f"{stamp}-{name}-{secrets.token_hex(2)}")
    expected, hint = (
        "a folder that is empty, or not there yet, and that we may write to",
        "name another --out",
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise UsageError(Problem(f"{out} is not empty", expected=expected, hint=hint))
        probe = out / "history.jsonl"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            Problem(f"{out} cannot be written to: {error.strerror}", expected=expected, hint=hint)
        ) from error
    return out


def _run(choice: Choice, api: str, part: str, folder: Path, console: Console) -> ExitCode:
    before = sum(1 for _ in parts(folder))
    suites = Suites(choice, api, part, folder)
    with console.status(f"{api}: starting") if console.is_terminal else nullcontext() as status:
        code = suites.wait(_follow(api, folder, status))
    if sum(1 for _ in parts(folder)) == before:
        # Nothing was written: the suites did not get as far as the deployment.
        console.print(
            f"earwitness: {api} could not be tested: {suites.last_words}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        return (
            ExitCode(code)
            if code in set(ExitCode) - {ExitCode.PASSED, ExitCode.FAILED}
            else ExitCode.COULD_NOT_TEST
        )
    if code in (3, 4):
        console.print(suites.last_words, markup=False, highlight=False, soft_wrap=True)
    # Exit code 2 of pytest's is an exit of ours as well: then the history's own end says why.
    return ExitCode.PASSED if code in (0, 1, 2) or code not in _PYTEST else _PYTEST[code]


def _follow(api: str, folder: Path, status: Status | None) -> Callable[[], None]:
    """Shows how far the suites are, by what they have added to the history."""
    path, seen = folder / "history.jsonl", {"at": 0, "cases": 0, "requests": 0, "heard": 0}

    def look() -> None:
        if status is None or not path.exists():
            return
        with path.open("rb") as history:
            history.seek(seen["at"])
            fresh = history.read()
        seen["at"] += len(fresh)
        seen["cases"] += fresh.count(b'{"kind":"case-ended"')
        seen["requests"] += fresh.count(b'{"kind":"request"')
        seen["heard"] += fresh.count(b'{"kind":"frame-heard"')
        status.update(
            f"{api}: {seen['cases']} cases, {seen['requests']} requests, {seen['heard']} frames heard"
        )

    return look


def parts(folder: Path) -> list[tuple[Entry, ...]]:
    path = folder / "history.jsonl"
    return list(split_runs(read_history(path))) if path.exists() else []


def write_report(
    folder: Path,
    codes: list[ExitCode],
    console: Console,
    as_json: bool,
    command: str,
    loads: Sequence[LoadResult] = (),
) -> ExitCode:
    """Judge the history in ``folder``, write every report of it and of ``loads`` there, and say what came of it; returns
    the exit code."""
    apis: list[ApiVerdict] = []
    histories: dict[str, tuple[Entry, ...]] = {}
    for part in parts(folder):
        head = part[0]
        if not isinstance(head, RunStarted):
            continue
        judged = load_documents(head.api).judge(part)
        apis.append(judged)
        histories[head.api] = part
        codes.append(judged.exit_code)
    if not apis:
        codes.append(ExitCode.COULD_NOT_TEST)
    code = worst([*codes, *(load.code for load in loads)])
    write_files(folder, command, apis, histories, code, loads, as_json)
    show_summary(console, apis, histories, int(code), str(folder))
    return code


def write_files(
    folder: Path,
    command: str,
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    code: ExitCode,
    loads: Sequence[LoadResult],
    as_json: bool,
) -> None:
    """Write results.json, junit.xml and index.html into ``folder``, and with ``as_json`` the first of them to stdout."""
    record = dumps(results(folder.name, command, apis, histories, int(code), loads))
    _write(folder / "results.json", record)
    _write(folder / "junit.xml", junit(folder.name, apis, histories, loads))
    _write(folder / "index.html", index_html(folder.name, command, apis, histories, int(code), loads))
    if as_json:
        sys.stdout.write(record)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        problem = Problem(
            f"{path} cannot be written: {error.strerror}",
            expected="room for the report",
            hint="the run was not reported",
        )
        raise CouldNotTest(problem) from error
