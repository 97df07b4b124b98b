"""The errors people see: each says what was wrong, where, what was expected and what to do, and fixes an exit code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command (design, section 11)."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    COULD_NOT_TEST = 3
    BREACHED = 4
    INCONCLUSIVE = 5
    REFUSED = 6
    INTERRUPTED = 130


# Where several apply the leftmost wins.
PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.REFUSED,
    ExitCode.USAGE,
    ExitCode.COULD_NOT_TEST,
    ExitCode.FAILED,
    ExitCode.BREACHED,
    ExitCode.INCONCLUSIVE,
    ExitCode.PASSED,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The exit code that stands for all of ``codes``; ``PASSED`` when there is none."""
    return min(codes, key=PRECEDENCE.index, default=ExitCode.PASSED)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: its name, a line counted from 1 (0: not known) and the key on that line."""

    file: str
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, what was expected, what to do about it."""

    what: str
    where: Where | None = None
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        text = f"{place}{self.what}"
        if self.expected:
            text += f"\n    expected: {self.expected}"
        if self.hint:
            text += f"\n    {self.hint}"
        return text


class EarwitnessError(Exception):
    """The root of the tree. ``problems`` holds everything that was found, not only the first thing.

    EarwitnessError
    ├── UsageError         a command line, file or key the user has to mend    exit 2
    │   └── SpecError      a specs/ folder that does not hold together         exit 2
    ├── CouldNotTest       unreachable, sign-in failed, died                   exit 3
    └── RefusedByPolicy    outside what the deployment file allows             exit 6
    """

    exit_code = ExitCode.COULD_NOT_TEST

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class UsageError(EarwitnessError):
    """The command line or a file is not what it has to be."""

    exit_code = ExitCode.USAGE


class SpecError(UsageError):
    """The documents in a ``specs/`` folder do not hold together."""


class CouldNotTest(EarwitnessError):
    """The deployment could not be tested: unreachable, sign-in failed, or it stopped answering."""

    exit_code = ExitCode.COULD_NOT_TEST


class RefusedByPolicy(EarwitnessError):
    """The safety policy does not allow what was asked."""

    exit_code = ExitCode.REFUSED


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to ``word``, or all known words when none is near."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(choices)}" if choices else ""
