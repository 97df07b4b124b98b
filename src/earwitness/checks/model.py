"""What a check is and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from earwitness.world import World

Severity = Literal["critical", "high", "medium", "low"]
# What a miss comes to, the gravest first.
SEVERITIES: Final[Mapping[Severity, str]] = {
    "critical": "somebody may see, hear or do what is not theirs",
    "high": "something is lost, made up, altered or not served, or is not what the documents say that a client can read",
    "medium": "something is told wrongly, twice, out of order or too freely; nothing is lost",
    "low": "something is shown otherwise than promised, and is easily put up with",
}

Tier = Literal["read", "write-own", "intrusive"]
# What a run must be allowed to do for the check to have something to look at.
TIERS: Final[Mapping[Tier, str]] = {
    "read": "a run that only reads shows it",
    "write-own": "only a run that creates and changes things of its own shows it",
    "intrusive": "only a run that disturbs the deployment shows it",
}

# What of a spec a check may go through as a whole, in words that follow "every".
Judged = Literal["answers", "refusals", "frames", "audiences", "handshakes"]
JUDGED: Final[Mapping[Judged, str]] = {
    "answers": "answer of every operation",
    "refusals": "refusal that the spec names",
    "frames": "frame that a socket hears",
    "audiences": "event that has an audience",
    "handshakes": "socket that is opened or refused",
}

# An exception may quote a whole answer; its beginning names it.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's evidence that a promise was not kept.

    ``cause`` is what findings are merged by: the same promise broken in the same way, however often. ``expected`` and
    ``heard`` are for people; ``evidence`` names entries of the history by number, the cause first; ``case`` is the
    exercise in which it showed. ``weak`` is false where this miss is none of the weaknesses that its check names, such as a
    refusal in other words than documented.
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
    weak: bool = True


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

    ``sentence`` says what must be so; ``severity`` and ``tier`` are words of ``SEVERITIES`` and ``TIERS``. ``needs`` names the
    verbs, events, rules, fields of a view ("message.edited") and what a verb gives ("mark-message-read.already") without which
    there is nothing to look at; ``also`` those that it looks at where an API has them, one of which there must be when nothing
    is needed. ``judges`` says what of every spec it goes through as a whole. ``cwe`` and ``owasp`` are ids that ``weaknesses``
    has the titles of; ``narrowed`` says which of them a finding is an instance of by the last word of its cause, and of none
    with another word; without it, of all. ``source`` is where the idea comes from besides the documents (an RFC, OWASP).
    """

    id: str
    sentence: str
    severity: Severity
    tier: Tier = "write-own"
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    judges: tuple[Judged, ...] = ()
    cwe: tuple[str, ...] = ()
    owasp: tuple[str, ...] = ()
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""

    def weaknesses(self, cause: str, weak: bool = True) -> tuple[str, ...]:
        """The ids of CWE and OWASP that a finding with this ``cause`` is an instance of; see ``Finding.weak``."""
        if not weak:
            return ()
        return self.narrowed.get(cause.rpartition(":")[2], ()) if self.narrowed else (*self.cwe, *self.owasp)

    def severity_of(self, cause: str, weak: bool = True) -> Severity:
        """How grave a finding with this ``cause`` is. A miss of a critical check that lets nobody at anything is no critical one."""
        if self.severity != "critical" or self.weaknesses(cause, weak):
            return self.severity
        return "high" if weak else "medium"


Find = Callable[[World], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A check as it was discovered: what it promises and the function that looks."""

    check: Check
    find: Find
