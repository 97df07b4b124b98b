"""Runs the pytest suites of one API in a process of their own, and follows them by the history that they write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO

from earwitness.cli.choose import Choice
from earwitness.content import content_root

# What is run for each part, below the content's folder.
PARTS = {
    "": ("contracts", "scenarios"),
    "contracts": ("contracts",),
    "checklist": ("scenarios",),
    "security": (
        "contracts/test_refusals.py",
        "contracts/test_handshakes.py",
        "scenarios/test_authentication.py",
    ),
}

# How pytest shows the words with which a fixture of ours ended the run.
_LEFT = re.compile(r"^!+ _pytest\.outcomes\.Exit: (?:earwitness: )?(.+?) !+$", re.DOTALL | re.MULTILINE)

_PATIENCE_S = 20.0
_POLL_S = 0.2


class Suites:
    """The suites of one API while they run."""

    def __init__(
        self,
        choice: Choice,
        api: str,
        part: str,
        folder: Path,
        without: Sequence[str] = (),
        until: str = "",
        first: Sequence[str] = (),
    ) -> None:
        """Start the suites that make ``part``, but for the files in ``without`` (paths below the content's folder).

        They end early when the check ``until`` finds something, and begin with what ``first`` names: cases, and
        what covers checklist items, as ``api:item``.
        """
        content = content_root()
        command = [
            sys.executable, "-P", "-m", "pytest", "-c", str(content / "pytest.ini"), "--rootdir", str(Path.cwd()),
            # Of the plugins that happen to be installed none is let in but the one we need.
            "--disable-plugin-autoload", "-p", "allure_pytest", "-p", "no:cacheprovider", "-p", "earwitness.pytest_plugin",
            "-q", "--no-header", "--tb=short", "--color=no", "--show-capture=no", "--alluredir", str(folder / "allure-results"),
            "--api", api, "--run-dir", str(folder), "--seed", str(choice.seed),
        ]  # fmt: skip
        command += ["--deployment", str(choice.deployment.resolve())] if choice.deployment else []
        command += ["--url", choice.url] if choice.url else []
        database = choice.database_of(api)
        command += ["--db", str(database.resolve())] if database else []
        command += ["--paths", choice.paths] if choice.paths else []
        command += [word for defect in choice.defects for word in ("--defect", defect)]
        command += ["--effort", f"{choice.effort:g}"]
        command += ["--stories", str(choice.stories)] if choice.stories is not None else []
        command += ["--intrusive"] if choice.intrusive else []
        command += ["--until", until] if until else []
        command += [word for one in first for word in ("--first", one)]
        command += [str(content / path) for path in PARTS[part]]
        command += [f"--ignore={content / path}" for path in without]
        # The kernel closes our end of the pipe whatever becomes of us; that ends the suites. (Not stdin: pytest replaces it.)
        theirs, self._lifeline = os.pipe()
        command += ["--lifeline", str(theirs)]
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,  # Ctrl-C reaches it through us, once
        )
        os.close(theirs)
        self._words: deque[str] = deque(maxlen=30)
        self._asked_at, self._lock = 0.0, Lock()
        self._reader = Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        # The process is waited for in a thread, where no interrupt can fall between the steps of waiting and leave a lock behind.
        self._ended: SimpleQueue[int] = SimpleQueue()
        Thread(target=lambda: self._ended.put(self._process.wait()), daemon=True).start()

    def _listen(self, output: IO[bytes] | None) -> None:
        if output is None:
            return
        with output:
            for line in output:
                self._words.append(line.decode("utf-8", "replace").rstrip())

    def wait(self, follow: Callable[[], None]) -> int:
        """Wait for the end, calling ``follow`` now and then; returns pytest's exit code.

        An interrupt is handed on once; whoever interrupts again ends the suites at once. Suites that were told to stop, and have not in
        twenty seconds, are ended.
        """
        try:
            return self._until_done(follow)
        except KeyboardInterrupt:
            self.stop()
            self._until_done(lambda: None)
            raise
        finally:
            if self._process.returncode is None:
                self._process.kill()
            self._let_go()
            self._reader.join(2.0)

    def _until_done(self, follow: Callable[[], None]) -> int:
        while (code := self._process.returncode) is None:
            with suppress(Empty):
                self._ended.get(timeout=_POLL_S)
            if self._asked_at and time.monotonic() > self._asked_at + _PATIENCE_S:
                self._process.kill()
            follow()
        return code

    def stop(self) -> None:
        """Tell the suites to stop, from any thread; ``wait`` then returns soon.

        The closed pipe tells them, and not a signal, which would be lost on a process that is about to start.
        """
        self._asked_at = self._asked_at or time.monotonic()
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            if self._lifeline >= 0:
                os.close(self._lifeline)
                self._lifeline = -1

    @property
    def last_words(self) -> str:
        """Why the suites left, when they said so; else the last lines that they printed."""
        words = "\n".join(self._words)
        left = _LEFT.search(words)
        return left[1] if left else words


def _environment() -> dict[str, str]:
    """Our environment without what would change how pytest works: the suites are ours, not the user's."""
    return {
        name: value for name, value in os.environ.items() if name not in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    }
