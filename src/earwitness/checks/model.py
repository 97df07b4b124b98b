"""What a check is and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from earwitness.world import World

Severity = Literal["critical", "high", "medium", "low"]
Tier = Literal["read", "write-own", "intrusive"]

# An exception may quote a whole answer; its beginning names it.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's evidence that a promise was not kept.

    ``cause`` is what findings are merged by: the same promise broken in the same way, however often. ``expected`` and
    ``heard`` are for people; ``evidence`` names entries of the history by number, the cause first; ``case`` is the
    exercise in which it showed.
    """

    check: str
    cause: str
    basis: str
    severity: Severity
    clause: str
    expected: str
    heard: str
    evidence: tuple[int, ...]
    case: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Crash:
    """A check that broke while it looked: our error, never the deployment's. ``error`` is one line of the exception."""

    check: str
    error: str
    case: str = ""

    @classmethod
    def of(cls, check: str, error: Exception, case: str = "") -> Crash:
        """The crash of ``check`` by ``error``, in ``case`` where one claim was being judged."""
        said = (str(error).splitlines() or [""])[0]
        return cls(check, f"{type(error).__name__}: {said}"[:_LONGEST].rstrip(": "), case)


@dataclass(frozen=True, slots=True)
class Check:
    """A property with an id.

    ``sentence`` says what must be so; ``source`` where the idea comes from besides the documents (an RFC, OWASP);
    ``needs`` names the verbs and events without which there is nothing to look at; ``cwe`` and ``owasp`` are ids.
    """

    id: str
    sentence: str
    severity: Severity
    tier: Tier = "write-own"
    needs: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    owasp: tuple[str, ...] = ()
    source: str = ""


Find = Callable[[World], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A check as it was discovered: what it promises and the function that looks."""

    check: Check
    find: Find
