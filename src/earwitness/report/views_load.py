"""What the page shows of a load: its figures as words, bounded, before the template lays them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from earwitness.report.words import Word


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SloView:
    """A service level and what it came to."""

    text: str
    measured: str
    word: Word


@dataclass(frozen=True, slots=True)
class CountView:
    """A line of the audit: how many deliveries, in what tone, and what that means."""

    name: str
    number: int
    tone: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """A message that was not delivered as it had to be: what happened, to which, when, and who was concerned."""

    kind: str
    message: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class BreachView:
    """What broke its schema under load, or only a decision of ours: how often, since when, what is wrong with it, and why it is put up
    with where it is known ("" elsewhere)."""

    check: str
    message: str
    word: Word
    count: str
    first: str
    text: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: its heads, and rows of cells that are text already."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plots:
    """What the script draws, by the plot's name (columns of figures), and how many seconds one point stands for."""

    columns: Mapping[str, Sequence[Sequence[float | None]]]
    step: int


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial of a search for capacity: what was tried, to what end, its figures by their names, its verdict, and what did not hold."""

    value: str
    role: str
    figures: tuple[Fact, ...]
    word: Word
    why: str


@dataclass(frozen=True, slots=True)
class CapacityView:
    """What a search for capacity came to: its answer in a sentence, what grew, of which value the figures of the load are ("" where nothing
    held), and the trials."""

    answer: str
    unit: str
    shown: str
    trials: tuple[TrialView, ...]


@dataclass(frozen=True, slots=True)
class LoadView:
    """A load on a deployment."""

    anchor: str
    title: str
    deployment: str
    word: str
    tone: str
    sentence: str
    note: str
    reason: str
    partial: bool
    facts: tuple[Fact, ...]
    slos: tuple[SloView, ...]
    slo_tally: str
    audit: tuple[CountView, ...]
    anomalies: tuple[AnomalyView, ...]
    anomalies_left: int
    closed: tuple[Fact, ...]
    contract: str
    breaches: tuple[BreachView, ...]
    breaches_left: int
    latency: Table
    trust: str
    per_second: Table
    seconds_left: int
    distribution: Table
    plots: Plots | None
    environment: tuple[Fact, ...]
    repeat: str
    capacity: CapacityView | None = None
