"""Starts the bundled reference server as a process of its own, and never leaves one behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Final

import earwitness
from earwitness.deployment import policy
from earwitness.deployment.model import TIERS, Account, Deployment
from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode, Problem, UsageError
from earwitness.history import Json

_START_S: Final = 20.0
_PATIENCE_S: Final = 3.0
_LINE: Final = 1_000_000
_LAST_WORDS: Final = 20
_WORDS: Final = 500


class ReferenceServer:
    """A running reference server. ``deployment`` is what to test.

    It is a session of its own: Ctrl-C in the terminal does not reach it, so the report can still be written. It ends when
    its stdin closes, which the kernel does for us even if we are killed.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Wraps a process that was started; use `start`."""
        self._process = process
        self._lock = threading.Lock()
        self._words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._first: SimpleQueue[bytes] = SimpleQueue()
        self._readers = tuple(
            threading.Thread(target=read, args=(stream,), name="reference-server", daemon=True)
            for read, stream in ((self._hear_stdout, process.stdout), (self._hear_stderr, process.stderr))
        )
        for reader in self._readers:
            reader.start()
        self.deployment: Deployment

    @classmethod
    def start(
        cls,
        api: str,
        *,
        defects: Sequence[str] = (),
        db: Path | None = None,
        paths: str = "",
        content: Path,
        limit_s: float = _START_S,
    ) -> ReferenceServer:
        """Start the server of ``api`` and wait until it listens.

        ``content`` is the folder that holds ``reference_server``, ``db`` its database (none: in memory), ``paths`` the set of
        paths it serves (the documented ones), ``limit_s`` the most seconds it may take to greet us.

        Raises UsageError where the server does not know the API, a defect or the set of paths, CouldNotTest with its last words where it
        does not come up.
        """
        # -P: neither the current folder nor anything in it may stand in for the server.
        command = [sys.executable, "-P", "-m", "reference_server", api, "--port", "0", "--until-stdin-closes"]
        command += [word for defect in defects for word in ("--defect", defect)]
        command += ["--db", str(db)] if db else []
        command += ["--paths", paths] if paths else []
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": search_path(content), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        except OSError as error:
            raise CouldNotTest(f"the reference server cannot be started: {error.strerror}") from error
        server = cls(process)
        try:
            server.deployment = reference_deployment(server._greeting(limit_s))
        except BaseException:
            server.stop()
            raise
        return server

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """The last lines it wrote to stderr; "" if it wrote none."""
        return "\n".join(tuple(self._words))

    def stop(self) -> None:
        """End the process: by closing its stdin, then by asking, then by force. Safe to call again, from any thread."""
        with self._lock:
            with suppress(OSError):
                if self._process.stdin:
                    self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_S)
            if self.alive():
                self._process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_PATIENCE_S)
            if self.alive():
                self._process.kill()
                self._process.wait()
            for reader in self._readers:
                reader.join(_PATIENCE_S)
            for reader, stream in zip(
                self._readers, (self._process.stdout, self._process.stderr), strict=True
            ):
                # Closing a pipe that is still being read would wait for the reader.
                if stream and not reader.is_alive():
                    stream.close()

    def __enter__(self) -> ReferenceServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- the other end ------------------------------------------------------------------------------------------------

    def _hear_stdout(self, stream: IO[bytes]) -> None:
        self._first.put(stream.readline(_LINE))
        while stream.read(65_536):
            pass

    def _hear_stderr(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_WORDS):
            if text := line.decode("utf-8", "replace").rstrip():
                self._words.append(text)

    def _greeting(self, limit_s: float) -> Mapping[str, Json]:
        try:
            line = self._first.get(timeout=limit_s)
        except Empty:
            raise self._failure(f"did not come up within {limit_s:g} seconds") from None
        if not line:
            raise self._end()
        try:
            hello = json.loads(line)
        except (ValueError, RecursionError):
            hello = None
        if not isinstance(hello, dict):
            said = line[:120].decode("utf-8", "replace").strip()
            raise self._failure(f"greeted with {said!r}, which is no JSON object")
        return hello

    def _end(self) -> EarwitnessError:
        """It closed stdout without a word: most likely it is gone, or about to be."""
        try:
            code = self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            return self._failure("closed its output without a greeting")
        self._readers[1].join(_PATIENCE_S)
        if code == ExitCode.USAGE and self.last_words():
            return UsageError(self.last_words().removeprefix("reference_server: "))
        return self._failure(
            f"was killed by signal {-code}" if code < 0 else f"ended at once with exit code {code}"
        )

    def _failure(self, what: str) -> CouldNotTest:
        words = self.last_words().replace("\n", "\n    ")
        return CouldNotTest(
            Problem(f"the reference server {what}", hint=f"its last words:\n    {words}" if words else "")
        )


@dataclass(frozen=True, slots=True)
class PlantedDefect:
    """What the reference server says of a defect that it can be given: the clause it breaks, the check that must catch it,
    the checklist items that it turns red, what it does, whether only a load is long enough to show it, and, where the check is known to
    miss it, why."""

    id: str
    api: str
    clause: str
    check: str
    items: tuple[str, ...]
    sentence: str
    load_only: bool = False
    missed_because: str = ""


def list_defects(api: str, content: Path) -> tuple[PlantedDefect, ...]:
    """The defects that the server of ``api`` can be given. Raises CouldNotTest when it does not say."""
    command = [sys.executable, "-P", "-m", "reference_server", api, "--list-defects"]
    environment = {**os.environ, "PYTHONPATH": search_path(content)}
    try:
        asked = subprocess.run(command, env=environment, capture_output=True, timeout=_START_S, check=True)
        return tuple(
            PlantedDefect(**{**defect, "items": tuple(defect["items"])})
            for defect in json.loads(asked.stdout)
        )
    except (OSError, ValueError, KeyError, TypeError, subprocess.SubprocessError) as error:
        raise CouldNotTest(f"the reference server does not say which defects it has: {error}") from error


def search_path(content: Path) -> str:
    """The PYTHONPATH with which a process finds ``reference_server`` in ``content``, and this package."""
    package = Path(earwitness.__file__).resolve().parents[1]
    kept = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join((str(content.resolve()), str(package), *([kept] if kept else [])))


def reference_deployment(hello: Mapping[str, Json]) -> Deployment:
    """The deployment that a reference server says it is, in the greeting that it prints when it listens.

    Raises CouldNotTest when the greeting does not say enough.
    """
    try:
        levers = _object(hello.get("levers") or {}, "levers")
        names = levers.get("names") or []
        members = hello["members"]
        if not isinstance(names, list) or not isinstance(members, list):
            raise ValueError("members and levers.names are lists")
        http, ws = str(hello["http"]).rstrip("/"), str(hello["ws"]).rstrip("/")
        return Deployment(
            api=str(hello["api"]),
            name="reference server",
            http=http,
            ws=ws,
            accounts=tuple(account_of(_object(member, "a member")) for member in members),
            levers_url=str(levers.get("url", "")).rstrip("/"),
            levers=frozenset(map(str, names)),
            foreign=False,
            deadline_ms=2_000,
            allow_hosts=frozenset(map(policy.host_of, (http, ws))),
            tiers=frozenset(TIERS),
            paths=str(hello.get("paths") or ""),
        )
    except (KeyError, ValueError) as error:
        missing = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise CouldNotTest(Problem(f"the greeting of the reference server is no good: {missing}")) from error


def account_of(member: Mapping[str, Json]) -> Account:
    """The account in ``{"name", "attributes", "token"}``, as the greeting and the lever mint-member give it.

    Raises ValueError when it is none.
    """
    name, token = member.get("name"), member.get("token", "")
    if not isinstance(name, str) or not isinstance(token, str):
        raise ValueError("a member has a name and a token, both texts")
    credentials = _object(member.get("credentials") or {}, "credentials")
    return Account(
        name=name,
        attributes=_object(member.get("attributes") or {}, "attributes"),
        token=token,
        credentials={key: str(value) for key, value in credentials.items()},
    )


def _object(value: Json, what: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is no object")
    return value
