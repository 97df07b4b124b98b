"""What the page shows of each thing: everything made fit to be read and bounded, before the template lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from earwitness.report.sequence import Score
from earwitness.report.views_load import Fact, LoadView
from earwitness.report.words import Word


@dataclass(frozen=True, slots=True)
class Count:
    """How many items came to a verdict."""

    word: Word
    number: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim as the page shows it."""

    sentence: str
    word: Word
    expected: str
    heard: str


@dataclass(frozen=True, slots=True)
class Told:
    """A case's transcript; where it stands with something else, at ``place``, ``shown`` is None and ``anchor`` leads there.
    Both are empty when the page had no room for it."""

    title: str
    anchor: str
    place: str
    shown: Score | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """A checklist item with its evidence."""

    id: str
    text: str
    clause: str
    word: Word
    reason: str
    proofs: tuple[Proof, ...]
    more: int
    reproduce: str
    told: tuple[Told, ...]
    by_hand: bool

    @property
    def open(self) -> bool:
        """Whether its evidence is shown without being asked for: when there is something to look at."""
        return self.word.tone in ("bad", "doubt", "remark")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the checklist."""

    name: str
    tally: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with the line that repeats it and the case in which it showed."""

    id: str
    check: str
    sentence: str
    cause: str
    basis: str
    severity: str
    weaknesses: str
    clause: str
    expected: str
    heard: str
    reproduce: str
    count: int
    listed: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of one sort: those that are shown, and how many there are in all."""

    shown: tuple[FindingView, ...]
    number: int


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation and the statuses it was seen to answer with."""

    id: str
    method: str
    path: str
    reached: tuple[Fact, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """Cases that came to no verdict, by the reason."""

    word: Word
    reason: str
    titles: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ApiView:
    """An API on a deployment."""

    anchor: str
    api: str
    title: str
    deployment: str
    word: str
    tone: str
    sentence: str
    tally: str
    counts: tuple[Count, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    findings: Findings
    notes: Findings
    known: Findings
    remarks: tuple[Fact, ...]
    operations: tuple[OperationView, ...]
    asides: tuple[Aside, ...]
    repeat: str
    environment: tuple[Fact, ...]
    by_hand: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    run: str
    command: str
    word: str
    tone: str
    sentence: str
    exit_code: int
    apis: tuple[ApiView, ...]
    loads: tuple[LoadView, ...]
