"""Tries mutations: starts a copy of the reference server with one of them made, runs the suites against it, and says who noticed."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from benchmarks.mutation.mutations import Mutation
from benchmarks.mutation.records import Outcome, Trial, git_blob
from benchmarks.mutation.sampling import Reached
from earwitness.cli.check import parts
from earwitness.cli.choose import Choice
from earwitness.cli.suites import Suites
from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from earwitness.documents import load_documents
from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode
from earwitness.verdict import ApiVerdict

# Generated requests take as long as all the rest: they are only for what the rest does not notice.
_GENERATED = "contracts/test_http.py"

# Instead of a check's id: the run ended with exit code 3, or a check of ours broke over what it was shown.
COULD_NOT_TEST, CRASHED = "could not be tested", "crashed"

# What follows an interrupt: the history is closed, the generated requests' process ended.
_PATIENCE_S = 25.0


class Stopped(Exception):
    """The run was interrupted: what was under way has no outcome."""


class _Overdue(Exception):
    """The suites did not even end when they were interrupted."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run of the suites came to: the check that found something first, or "", and whether its time was over before."""

    by: str
    detail: str
    overdue: bool = False


class Trier:
    """Runs trials, several at a time from threads of their caller, and ends them all when told to. ``limit_s`` bounds each run."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._server = content_root() / "reference_server"
        self._lock = Lock()
        self._suites: list[Suites] = []
        self._stopped = False

    def stop(self) -> None:
        """End all that runs; its callers get Stopped."""
        with self._lock:
            self._stopped = True
            for suites in self._suites:
                suites.stop()

    def control(self, api: str, kept: Path) -> Reached:
        """Which functions of the undamaged server the suites of ``api`` run; what was found out once is kept in the folder
        ``kept`` for as long as nothing has changed.

        Raises CouldNotTest when something is found on the undamaged server: then findings prove nothing here.
        """
        memory = kept / f"{api}-{_digest(self._server, content_root())}.json"
        if not memory.exists():
            with TemporaryDirectory(prefix="earwitness-control-") as folder:
                content = self._copy(Path(folder))
                shutil.copy(Path(__file__).with_name("tracing.py"), content / "sitecustomize.py")
                with ReferenceServer.start(api, content=content) as server:
                    seen = self._run(api, server.deployment.http, Path(folder, "run"), _but(_GENERATED))
                if seen.by or seen.overdue:
                    raise CouldNotTest(
                        f"{api}: something is found on the undamaged server: {seen.by} {seen.detail}"
                    )
                kept.mkdir(parents=True, exist_ok=True)
                shutil.copy(content / "called.json", memory)
        return frozenset((str(file), str(name)) for file, name in json.loads(memory.read_bytes()))

    def attempt(self, mutation: Mutation, api: str, seed: int) -> Trial:
        """Try ``mutation`` on ``api``. Raises Stopped when it was interrupted."""
        source = (self._server / mutation.file).read_text(encoding="utf-8")
        was, now = mutation.shown_in(source)
        begun = time.monotonic()

        def ended(outcome: Outcome, seen: Seen, generated: bool = False) -> Trial:
            if self._stopped:
                raise Stopped
            return Trial(
                mutation.id, api, seed, git_blob(source.encode()), outcome, seen.by, round(time.monotonic() - begun, 1),
                generated, date.today().isoformat(), was, now, seen.detail,
            )  # fmt: skip

        with TemporaryDirectory(prefix="earwitness-mutant-") as folder:
            content = self._copy(Path(folder))
            (content / "reference_server" / mutation.file).write_text(
                mutation.made_in(source), encoding="utf-8"
            )
            try:
                server = ReferenceServer.start(api, content=content)
            except EarwitnessError as error:
                return ended("stillborn", Seen("", _last_line(error)))
            with server:
                url = server.deployment.http
                seen = self._run(api, url, Path(folder, "run"), _but(_GENERATED))
                generated = not seen.by and not seen.overdue
                if generated and not self._stopped:
                    seen = self._run(api, url, Path(folder, "generated"), _only(_GENERATED))
        outcome: Outcome = "killed" if seen.by else "hung" if seen.overdue else "survived"
        return ended(outcome, seen, generated)

    def _copy(self, folder: Path) -> Path:
        content = folder / "content"
        shutil.copytree(
            self._server, content / "reference_server", ignore=shutil.ignore_patterns("__pycache__")
        )
        return content

    def _run(self, api: str, url: str, folder: Path, without: Iterable[str]) -> Seen:
        folder.mkdir()
        choice = Choice((api,), url=url)
        with self._lock:
            if self._stopped:
                raise Stopped
            suites = Suites(choice, api, "", folder, without=tuple(without), until="any")
            self._suites.append(suites)
        watch = _Watch(suites, self._limit_s)
        try:
            code = suites.wait(watch.look)
        except _Overdue:
            return Seen("", f"the suites did not end within {self._limit_s:g} s", overdue=True)
        finally:
            with self._lock:
                self._suites.remove(suites)
        histories = parts(folder)
        if histories:
            seen = _seen_in(load_documents(api).judge(histories[0]))
        else:
            # 3 is ours and pytest's word for it: there was nothing to test, or we broke.
            seen = Seen(COULD_NOT_TEST if code else "", suites.last_words[-300:])
        if watch.overdue and seen.by in ("", COULD_NOT_TEST):
            # It is we who ended it.
            return Seen("", f"the suites were not done within {self._limit_s:g} s", overdue=True)
        return seen


class _Watch:
    """Looks after the time that suites take: interrupts them when it is over, and gives them up a while later."""

    def __init__(self, suites: Suites, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._suites, self._clock = suites, clock
        self._end = clock() + limit_s
        self.overdue = False

    def look(self) -> None:
        if self._clock() < self._end:
            return
        if not self.overdue:
            self.overdue = True
            self._suites.stop()
        elif self._clock() > self._end + _PATIENCE_S:
            raise _Overdue


def _seen_in(verdict: ApiVerdict) -> Seen:
    """What a run's verdict says of the mutation: the first finding, or else why there is no success."""
    for case in verdict.cases:
        for finding in case.findings:
            return Seen(finding.check, finding.cause)
    for finding in verdict.findings:
        return Seen(finding.check, finding.cause)
    for crash in verdict.crashed:
        return Seen(CRASHED, f"{crash.check}: {crash.error}")
    if verdict.exit_code == ExitCode.COULD_NOT_TEST:
        ended = next((case.reason for case in verdict.cases if case.verdict == "crashed"), verdict.reason)
        return Seen(COULD_NOT_TEST, ended)
    doubtful = [f"{case.id}: {case.reason}" for case in verdict.cases if case.verdict == "inconclusive"]
    return Seen("", f"inconclusive: {'; '.join(doubtful)}"[:300] if doubtful else "")


def _last_line(error: EarwitnessError) -> str:
    return str(error).splitlines()[-1].strip()[:300]


def _but(file: str) -> tuple[str, ...]:
    return (file,)


def _only(file: str) -> tuple[str, ...]:
    """All files of the suites but ``file``, as what to leave out."""
    root = content_root()
    every = (
        path.relative_to(root).as_posix()
        for suite in ("contracts", "scenarios")
        for path in root.joinpath(suite).rglob("test_*.py")
    )
    return tuple(sorted(set(every) - {file}))


def _digest(*folders: Path) -> str:
    """A name for what the suites and the server are made of: the same while none of its Python and YAML has changed."""
    made_of = hashlib.sha256()
    for folder in folders:
        names = ("src", "contracts", "scenarios", "specs") if folder == content_root() else (".",)
        for name in names:
            for path in sorted((folder / name).rglob("*")):
                if path.suffix in (".py", ".yaml"):
                    made_of.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    return made_of.hexdigest()[:12]
