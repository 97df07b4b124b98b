"""What the tests of the plugin share: running a suite of their own with it, as the command line runs ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from earwitness.content import content_root
from earwitness.documents import load_documents
from earwitness.history import read_history
from earwitness.verdict import ApiVerdict, CaseVerdict


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of pytest with the plugin: its exit code, what it printed, and where its history is."""

    code: int
    said: str
    folder: Path

    def verdict(self) -> ApiVerdict:
        """The verdict on the history."""
        return load_documents("fe16ops").judge(read_history(self.folder / "history.jsonl"))

    def cases(self) -> dict[str, CaseVerdict]:
        """The verdicts on the cases, by the name of the test."""
        return {case.id.rpartition("::")[2].partition("[")[0]: case for case in self.verdict().cases}

    def shown(self) -> dict[str, str]:
        """What pytest shows of each test (``-v``): its outcome."""
        lines = re.findall(r"::(test_\w+)\[\S+\] (PASSED|FAILED|SKIPPED|ERROR)\b", self.said)
        return dict(lines)


def run(folder: Path, suite: str, *options: str) -> Ran:
    """Write ``suite`` as a test file below ``folder`` and run it on a reference server."""
    file = folder / "suite" / "test_zoo.py"
    file.parent.mkdir(parents=True)
    file.write_text(suite, encoding="utf-8")
    return run_paths(folder, file, *options)


def run_paths(folder: Path, *arguments: str | Path) -> Ran:
    """Run pytest with the plugin on what there is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-c", str(content_root() / "pytest.ini"), "--rootdir", str(folder),
         "--disable-plugin-autoload", "-p", "no:cacheprovider", "-p", "earwitness.pytest_plugin", "-v", "--color=no",
         "--run-dir", str(folder), *map(str, arguments)],
        cwd=folder, env={**environment, "COLUMNS": "200"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=90, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, folder)
