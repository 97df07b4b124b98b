"""Runs Schemathesis's command line in a process of its own, bounded in time, and brings back what it wrote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from earwitness.errors import CouldNotTest
from earwitness.generated.config import Plan, config
from earwitness.history import Json

# The variable in which a secret reaches the configuration and the hooks.
TOKEN: Final = "EARWITNESS_TOKEN"
_SETTINGS: Final = "EARWITNESS_HOOKS"
_PATIENCE_S: Final = 10.0
_LAST_WORDS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left: its exit ``code``, its ``events`` (ndjson) and the ``log`` of our hooks, line by line, its last
    words, and whether it was stopped because its time was over."""

    code: int
    events: tuple[str, ...]
    log: tuple[str, ...]
    words: str
    late: bool = False


def run(document: Path, plan: Plan, settings: Mapping[str, Json], token: str, limit_s: float) -> Run:
    """Run ``plan`` on the OpenAPI ``document``.

    ``settings`` are for the hooks; ``log`` in them, and the plan's ``events``, are put into a folder that does not outlive
    the run. ``token`` is in no file: it travels in the environment. After ``limit_s`` seconds the process is interrupted,
    and killed when it does not end then; an interrupt of ours ends it, too.

    Raises CouldNotTest when it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="earwitness-") as name:
        folder = Path(name)
        events, log, said = folder / "events.ndjson", folder / "exchanges.jsonl", folder / "said.txt"
        (folder / "schemathesis.toml").write_text(config(replace(plan, events=events)), encoding="utf-8")
        (folder / "hooks.json").write_text(json.dumps({**settings, "log": str(log)}), encoding="utf-8")
        (folder / "here").mkdir()
        # -P: nothing in the current folder may stand in for a module.
        command = [
            sys.executable,
            "-P",
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(folder / "schemathesis.toml"),
        ]
        with said.open("wb") as output:
            try:
                process = subprocess.Popen(
                    [*command, "run", str(document)],
                    cwd=folder / "here",
                    env=_environment(folder, token),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise CouldNotTest(f"Schemathesis cannot be started: {error.strerror}") from error
            late = _wait(process, limit_s)
        words = said.read_text(encoding="utf-8", errors="replace")[-_LAST_WORDS:]
        if token:
            words = words.replace(token, str(settings["placeholder"]))
        return Run(process.returncode, _lines(events), _lines(log), words, late)


def _wait(process: subprocess.Popen[bytes], limit_s: float) -> bool:
    """Wait until the process ends, and end it when its time is over; returns whether that was necessary."""
    try:
        process.wait(limit_s)
        return False
    except subprocess.TimeoutExpired:
        # Interrupted it closes its files in order, so what it did until now can be read.
        _signal(process, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE_S)
        return True
    finally:
        if process.poll() is None:
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _environment(folder: Path, token: str) -> dict[str, str]:
    """Our environment without what would send requests elsewhere, or change them: proxies, a netrc, settings of the engine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith("_PROXY") and not name.startswith("SCHEMATHESIS_")
    }
    return {
        **kept,
        _SETTINGS: str(folder / "hooks.json"),
        TOKEN: token,
        "NO_PROXY": "*",
        "NETRC": os.devnull,
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _lines(path: Path) -> tuple[str, ...]:
    # Not splitlines(): JSON may hold characters that it takes for the end of a line.
    return tuple(path.read_text(encoding="utf-8", errors="replace").split("\n")) if path.exists() else ()
