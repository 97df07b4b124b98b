"""Loads an API: starts Locust in a process of its own, follows it to its end, and reports what came of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

from rich.console import Console
from rich.status import Status

from earwitness.cli.check import new_folder, write_files
from earwitness.cli.sweep import write_swept
from earwitness.content import api_names, content_root, draft_names
from earwitness.deployment import Deployment, declared_api, list_defects, load_deployment
from earwitness.deployment.reference import search_path
from earwitness.documents import load_documents
from earwitness.errors import CouldNotTest, ExitCode, Problem, RefusedByPolicy, UsageError, nearest
from earwitness.load.export import metrics_text, series_csv
from earwitness.load.profile import Profile, load_profile
from earwitness.load.progress import Progress
from earwitness.load.setting import setting_of
from earwitness.load.trial import capacity_csv
from earwitness.load.words import summary
from earwitness.redact import Redactor
from earwitness.report import LoadResult, run_verdict

# Sockets that one Locust user takes on.
_SHARE = 100
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class LoadChoice:
    """What the command line chose to load; see the options of ``earwitness load``."""

    profile: str
    api: str = ""
    listeners: int | None = None
    rate: float | None = None
    seconds: float | None = None
    processes: int = 1
    url: str = ""
    deployment: Path | None = None
    defects: tuple[str, ...] = ()
    members: Path | None = None


def load_api(choice: LoadChoice, out: Path | None, as_json: bool, command: str) -> ExitCode:
    """Run a load and write ``results.json``, ``junit.xml``, ``index.html``, ``series.csv`` and ``metrics.txt`` into a folder of its own;
    returns the exit code.

    Raises UsageError and RefusedByPolicy before anything is started.
    """
    console = Console(stderr=True)
    profile = profile_of(choice)
    api, _ = place_of(choice, profile, console)
    folder = new_folder(out, f"load-{profile.name}")
    redactor = Redactor()
    load = _load(choice, profile, api, folder, console, command, redactor)
    return report_load(load, folder, as_json, command, redactor, console)


def report_load(
    load: LoadResult, folder: Path, as_json: bool, command: str, redactor: Redactor, console: Console
) -> ExitCode:
    """Write the report of ``load``, a run of its own, into ``folder``, and say where it is; returns the exit code."""

    def write(loads: Sequence[LoadResult], told: str) -> ExitCode:
        write_files(folder, told, (), {}, loads[0].code, loads, False)
        _export(folder, loads[0].record)
        return loads[0].code

    code = write_swept(write, (load,), command, folder, redactor)
    if as_json:
        sys.stdout.write((folder / "results.json").read_text(encoding="utf-8"))
    for line in (f"results: {folder / 'results.json'}", f"report: {folder / 'index.html'}"):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    _say_verdict(code, console)
    return code


def run_load(
    choice: LoadChoice, folder: Path, console: Console, command: str, redactor: Redactor
) -> LoadResult:
    """Run a load that is one part of a run whose report is written to ``folder``, and say what came of it. ``redactor`` learns the
    secrets of its members.

    Raises UsageError and RefusedByPolicy before anything is started.
    """
    profile = profile_of(choice)
    api, _ = place_of(choice, profile, console)
    load = _load(choice, profile, api, folder, console, command, redactor)
    _say_verdict(load.code, console)
    return load


def _load(
    choice: LoadChoice,
    profile: Profile,
    api: str,
    folder: Path,
    console: Console,
    command: str,
    redactor: Redactor,
) -> LoadResult:
    load, lines = measure(choice, profile, api, folder, console, command, redactor)
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return load


def measure(
    choice: LoadChoice,
    profile: Profile,
    api: str,
    folder: Path,
    console: Console,
    command: str,
    redactor: Redactor,
) -> tuple[LoadResult, Sequence[str]]:
    """Run a load to its end, however it ends; returns what it came to, and the lines that say so. ``folder`` is where it may leave a file
    while it runs; ``redactor`` learns the secrets of its members."""
    partial = folder / "load.json"
    try:
        code, words = _run(_command(choice, api, profile, partial), console, redactor)
    except KeyboardInterrupt:
        code, words = int(ExitCode.INTERRUPTED), ""
    found = _read(partial)
    partial.unlink(missing_ok=True)
    if found is None:
        # It did not get as far as a load: Locust's own words are all there is.
        words = words or "earwitness: interrupted before anything was sent"
        ended = (
            ExitCode(code)
            if code in set(ExitCode) - {ExitCode.PASSED, ExitCode.FAILED}
            else ExitCode.COULD_NOT_TEST
        )
        lines = [words, f"load of {api} by {profile.name}: nothing was measured"]
        # Only what we say of it ourselves is fit for a file: a traceback could hold anything.
        ours = " ".join(line for line in words.splitlines() if line.startswith("earwitness: "))
        record = {"api": api, "profile": profile.name, "reason": ours or "it did not get as far as a load"}
    else:
        ended = ExitCode.INTERRUPTED if code == ExitCode.INTERRUPTED else ExitCode(found["exit_code"])
        record = {**found["load"], "command": command}
        lines = list(summary(record))
    return LoadResult(record, ended, command), lines


def _export(folder: Path, load: Mapping[str, Any]) -> None:
    """Write the figures for other programs, of a load that has any. Raises CouldNotTest where that cannot be done."""
    files = {"series.csv": series_csv, "metrics.txt": metrics_text} if "series" in load else {}
    files |= {"capacity.csv": capacity_csv} if "capacity" in load else {}
    for name, text_of in files.items():
        try:
            (folder / name).write_text(text_of(load), encoding="utf-8", newline="")
        except OSError as error:
            raise CouldNotTest(
                Problem(
                    f"{folder / name} cannot be written: {error.strerror}", expected="room for the report"
                )
            ) from error


def _say_verdict(code: ExitCode, console: Console) -> None:
    console.print(
        f"{run_verdict(code).upper()}: exit {int(code)}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def profile_of(choice: LoadChoice) -> Profile:
    """The profile with what the command line says in place of it. Raises UsageError."""
    return load_profile(choice.profile, listeners=choice.listeners, rate=choice.rate, seconds=choice.seconds)


def place_of(choice: LoadChoice, profile: Profile, console: Console) -> tuple[str, Deployment | None]:
    """The API to load, and the deployment that a file describes, once it is clear that all options go together; the file's warnings are
    told. Raises UsageError and RefusedByPolicy."""
    if choice.deployment and choice.url:
        raise UsageError(Problem("--deployment and --url both say where to test", expected="one of them"))
    if choice.defects and (choice.deployment or choice.url):
        raise UsageError(
            Problem(
                "--defect is for a reference server that we start ourselves",
                expected="no --deployment or --url",
            )
        )
    api = choice.api or (declared_api(choice.deployment) if choice.deployment else "")
    if not api:
        raise UsageError(Problem("which API?", expected=f"--api and one of {', '.join(api_names())}"))
    documents = load_documents(api)
    setting_of(documents.spec, documents.binding, profile)
    deployment = None
    if choice.deployment:
        deployment = load_deployment(
            choice.deployment, os.environ, documents.binding.attributes, apis=(*api_names(), *draft_names())
        )
        if deployment.api != api:
            raise UsageError(
                Problem(f"{choice.deployment} is a deployment of {deployment.api}, not of {api}")
            )
        for warning in deployment.warnings:
            console.print(f"warning: {warning}", markup=False, highlight=False, soft_wrap=True)
        if "load" not in deployment.tiers:
            hint = "if its owner agrees, add load to allow: tiers: there"
            raise RefusedByPolicy(
                Problem(f"{choice.deployment} does not allow load", expected="the tier load", hint=hint)
            )
    known = [defect.id for defect in list_defects(api, content_root())] if choice.defects else []
    for defect in choice.defects:
        if defect not in known:
            raise UsageError(Problem(f"{api} has no defect {defect!r}", hint=nearest(defect, known)))
    if choice.members and not choice.members.is_file():
        raise UsageError(Problem(f"there is no file {choice.members}", expected="a CSV file of members"))
    return api, deployment


def _command(choice: LoadChoice, api: str, profile: Profile, results: Path) -> Sequence[str]:
    users = max(choice.processes, -(-profile.listeners // _SHARE), 1)
    words = [
        sys.executable, "-P", "-m", "locust", "-f", str(content_root() / "load" / "locustfile.py"), "--headless", "--only-summary",
        "--users", str(users), "--spawn-rate", str(min(users, 100)), "--load-profile", _file_or_name(choice.profile), "--api", api,
        "--results", str(results.resolve()),
    ]  # fmt: skip
    for option, value in (
        ("--listeners", choice.listeners),
        ("--rate", choice.rate),
        ("--seconds", choice.seconds),
        ("--url", choice.url),
    ):
        words += [option, str(value)] if value else []
    for option, path in (("--deployment", choice.deployment), ("--members", choice.members)):
        words += [option, str(path.resolve())] if path else []
    words += [word for defect in choice.defects for word in ("--defect", defect)]
    if choice.processes > 1:
        # Locust's own default is one port for all loads on a machine.
        port = str(_free_port())
        words += ["--processes", str(choice.processes), "--master-bind-port", port, "--master-port", port]
    return words


def _file_or_name(profile: str) -> str:
    return str(Path(profile).resolve()) if Path(profile).suffix else profile


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: Sequence[str], console: Console, redactor: Redactor) -> tuple[int, str]:
    """Run Locust to its end; returns its exit code and its last words. An interrupt is handed on once, then raised. ``redactor``
    learns what the load says must stand in no file."""
    theirs, lifeline = os.pipe()
    told, tell = os.pipe()
    secrets, tell_secrets = os.pipe()
    follows = ["--progress", str(tell)] if console.is_terminal else []
    process = subprocess.Popen(
        [*command, "--lifeline", str(theirs), "--secrets", str(tell_secrets), *follows], pass_fds=(theirs, tell, tell_secrets), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env=_environment(), start_new_session=True,
    )  # fmt: skip
    for end in (theirs, tell, tell_secrets):
        os.close(end)
    words: deque[str] = deque(maxlen=40)
    assert process.stderr is not None
    reader = Thread(target=_listen, args=(process.stderr, words), daemon=True)
    learner = Thread(target=_learn, args=(secrets, redactor), daemon=True)
    reader.start()
    learner.start()
    try:
        with console.status("starting") if console.is_terminal else nullcontext() as status:
            if status is None:
                os.close(told)
            else:
                Thread(target=_follow, args=(told, status), daemon=True).start()
            code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE_S)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            process.kill()
        process.wait()
        raise
    finally:
        if process.poll() is None:
            process.kill()
        os.close(lifeline)
        reader.join(2.0)
        learner.join(2.0)
    ours = [line for line in words if not line.startswith("[")]
    return code, redactor.redact("\n".join(ours or words))


def _follow(told: int, status: Status) -> None:
    """Show how far the load is, as it tells itself."""
    with open(told, encoding="utf-8") as lines:
        for line in lines:
            status.update(Progress.load(line).line())


def _learn(secrets: int, redactor: Redactor) -> None:
    """Take in the secrets that the load tells of. They travel through a pipe, since no file may hold them."""
    with open(secrets, encoding="utf-8") as told:
        text = told.read()
    with suppress(ValueError):  # it was ended while it told, or before
        for secret, stand_in in json.loads(text):
            redactor.add(secret, stand_in)


def _listen(output: IO[bytes], words: deque[str]) -> None:
    with output:
        for line in output:
            words.append(line.decode("utf-8", "replace").rstrip())


def _environment() -> Mapping[str, str]:
    """Our environment, without settings of Locust's or of ours that would add to what the command line says."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LOCUST_", "EARWITNESS_"))
    }
    return {**kept, "PYTHONPATH": search_path(content_root()), "PYTHONUNBUFFERED": "1"}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
