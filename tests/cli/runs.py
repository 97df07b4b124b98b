"""What the tests of the command line share: running it as people do, and looking at what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pytest
from jsonschema import Draft202012Validator

from earwitness.content import content_root
from earwitness.history import Entry, read_history

COMMAND = (sys.executable, "-m", "earwitness")
FILES = {"history.jsonl", "results.json", "junit.xml", "index.html", "allure-results"}
# Far more than anything here takes; for a test that fails.
LIMIT_S = 90.0


@dataclass(frozen=True)
class Run:
    """A run of ``earwitness check`` that is over: its folder, exit code and what it printed."""

    folder: Path
    code: int
    out: str
    err: str

    @cached_property
    def results(self) -> dict[str, Any]:
        """What results.json holds."""
        found: dict[str, Any] = json.loads((self.folder / "results.json").read_text(encoding="utf-8"))
        return found

    @property
    def api(self) -> dict[str, Any]:
        """The part of results.json on its one API."""
        (only,) = self.results["apis"]
        assert isinstance(only, dict)
        return only

    @property
    def items(self) -> dict[str, str]:
        """The verdict on each checklist item."""
        return {item["id"]: item["verdict"] for item in self.api["items"]}

    @property
    def checks(self) -> set[str]:
        """The checks that found something."""
        return {finding["check"] for finding in self.api["findings"]}

    @cached_property
    def history(self) -> tuple[Entry, ...]:
        """The history, read back."""
        return read_history(self.folder / "history.jsonl")

    @property
    def files(self) -> list[Path]:
        """Every file that the run wrote."""
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def is_whole(self) -> bool:
        """Whether every part of a report is there and none is empty."""
        assert {path.name for path in self.folder.iterdir()} == FILES
        return all(path.stat().st_size for path in self.files)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment, without what the test run that we are in has put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**kept, "COLUMNS": "100", "PYTHONFAULTHANDLER": "1", **(extra or {})}


def earwitness(
    *arguments: str | Path, cwd: Path, extra: Mapping[str, str] | None = None, through: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; ``through`` is a command that runs it."""
    command = [*through, *COMMAND, *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=cwd, env=environment(extra), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        out, err = last_words(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def check(
    *arguments: str | Path, folder: Path, cwd: Path | None = None, extra: Mapping[str, str] | None = None
) -> Run:
    """Run ``earwitness check`` with ``--out folder``."""
    done = earwitness("check", *arguments, "--out", folder, cwd=cwd or folder.parent, extra=extra)
    return Run(folder, done.returncode, done.stdout, done.stderr)


def schema_errors(path: Path, schema: str) -> list[str]:
    """What of a JSON file, or of a file with a JSON document a line, does not fit one of our schemas."""
    described = json.loads((content_root() / "reports" / "schema" / schema).read_text(encoding="utf-8"))
    judge = Draft202012Validator(described)
    text = path.read_text(encoding="utf-8")
    documents = text.splitlines() if path.suffix == ".jsonl" else [text]
    assert documents
    return [
        f"{number}: {error.message}"[:300]
        for number, document in enumerate(documents, 1)
        for error in judge.iter_errors(json.loads(document))
    ]


# -- processes --------------------------------------------------------------------------------------------------------


def descendants(pid: int) -> list[int]:
    """The processes that ``pid`` started, and those that they started, the nearest first."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def words_of(pid: int) -> str:
    """The command line of a process; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def is_over(pid: int) -> bool:
    """Whether a process has ended; one that nobody has buried yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return True


def until(holds: Callable[[], bool], seconds: float = LIMIT_S) -> bool:
    """Wait until something holds; whether it does."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def last_words(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a process prints until it ends. One that does not end says where each of its threads is, and fails the test."""
    try:
        return process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        _, said = process.communicate()
        pytest.fail(f"it did not end within {LIMIT_S:g} s:\n{said}")


def end_all(*pids: int) -> None:
    """End these processes and all that they have started, by force."""
    for pid in {*pids, *(child for parent in pids for child in descendants(parent))}:
        if not is_over(pid):
            os.kill(pid, signal.SIGKILL)


# A test run in the background of a shell has interrupts ignored, and hands that on.
_UNIGNORE = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
INTERRUPTIBLE = (sys.executable, "-c", _UNIGNORE)


class Started:
    """A command of ours that is going on; ends with all that it started when the test ends."""

    def __init__(self, *words: str | Path, cwd: Path, extra: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*INTERRUPTIBLE, *COMMAND, *map(str, words)], cwd=cwd, env=environment(extra), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        # The processes that there were when somebody last looked.
        self.started: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end_all(self.process.pid, *self.started)
        self.process.communicate()

    def runs(self, words: str) -> int:
        """Wait until a process with ``words`` on its command line is there; returns its id."""
        until(lambda: any(words in words_of(pid) for pid in descendants(self.process.pid)))
        self.started = descendants(self.process.pid)
        return next(pid for pid in self.started if words in words_of(pid))

    def ends(self) -> tuple[int, str]:
        """Wait for the end: the exit code, and what it said to people."""
        _, said = last_words(self.process)
        return self.process.returncode, said

    def left_nobody(self, within_s: float = 10.0) -> bool:
        """Whether all processes of it end in time."""
        assert len(self.started) >= 2, "what it starts was there"
        return until(lambda: all(map(is_over, self.started)), within_s)


class UnderWay(Started):
    """A run of ``earwitness check`` that is still going on."""

    def __init__(self, *arguments: str | Path, folder: Path) -> None:
        super().__init__("check", *arguments, "--out", folder, cwd=folder.parent)
        self.folder = folder

    def has_ended(self, cases: int) -> bool:
        """Wait until that many cases have ended; keeps in mind which processes there are by then."""
        path = self.folder / "history.jsonl"
        came = until(
            lambda: (
                self.process.poll() is not None
                or (path.exists() and path.read_bytes().count(b'{"kind":"case-ended"') >= cases)
            )
        )
        self.started = descendants(self.process.pid)
        return came and self.process.poll() is None

    def end(self) -> Run:
        """Wait for the end."""
        out, err = last_words(self.process)
        return Run(self.folder, self.process.returncode, out, err)
