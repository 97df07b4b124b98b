"""The page of results: what was measured as tables, ratios first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What one client costs: µs of processor time a frame, in each run; and kB of memory for each socket on which nothing happens."""

    name: str
    us: tuple[float, ...]
    idle_kb: float | None = None

    @property
    def median(self) -> float:
        """Of an odd number of runs the one in the middle, else the higher of the two."""
        return sorted(self.us)[len(self.us) // 2]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a client said of latencies, and what they were, in ms: the median and the 99th percentile. ``frames`` came in a second."""

    name: str
    frames: float
    said: tuple[float, float]
    true: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Held:
    """How many sockets one process held, in how many seconds they opened, and how many frames all of them heard."""

    sockets: int
    opened_s: float
    kb: float
    frames: int


@dataclass(frozen=True, slots=True)
class Audience:
    """What a frame costs us, in µs, when so many ``sockets`` of one process hear each message, and what they take, in kB each."""

    sockets: int
    us: float
    kb: float


@dataclass(frozen=True, slots=True)
class Pressed:
    """What so many ``frames`` a second cost us: µs for each, and the share of a core; with what is said of the 99th percentile and what is
    true, in ms."""

    frames: float
    us: float
    core: float
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Results:
    """All of it: ``absent`` says of what could not be measured why not."""

    ours: Row
    personal: Row
    floor: Row | None
    others: tuple[Row, ...]
    absent: Mapping[str, str]
    measured: tuple[Measured, ...]
    held: Held | None
    audiences: tuple[Audience, ...] = ()
    rates: tuple[Pressed, ...] = ()


def page(head: Sequence[str], results: Results) -> str:
    """The whole page, as Markdown; ``head`` says when and where it was made."""
    sections = (
        ["# What a listener costs", "", *head],
        _ratios(results),
        _drained(results),
        _audiences(results),
        _rates(results),
        _said(results),
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _ratios(results: Results) -> list[str]:
    ours, floor, held = results.ours, results.floor, results.held
    lines = ["## Ratios", ""]
    if floor is not None:
        lines.append(
            f"- **{ours.median / floor.median:.1f} times the floor**: {ours.median:.1f} µs of processor time a frame, {floor.median:.1f} µs for the"
            " least in C. That is all of it: the frame is read, held against the contract, audited and recorded."
        )
    lines += [
        f"- **{row.median / ours.median:.1f} times as many frames on a core** as {row.name}: {row.median:.1f} µs each."
        for row in results.others
    ]
    if ours.idle_kb is not None:
        lines.append(f"- **{ours.idle_kb:.2f} MB for 1,000 sockets** on which nothing happens.")
    if held is not None:
        lines.append(
            f"- **{held.sockets:,} sockets in one process**, opened in {held.opened_s:.0f} s; {held.frames:,} frames heard on them, none missed;"
            f" {held.kb:.2f} MB for 1,000."
        )
    lines.append(
        f"- Where each socket hears a payload of its own, nothing can be looked up: {results.personal.median:.0f} µs a frame."
    )
    return lines


def _drained(results: Results) -> list[str]:
    floor = results.floor
    lines = [
        "## A backlog is drained", "",
        "| client | µs a frame | lowest to highest | frames/s on a core | of the floor | MB for 1,000 idle sockets |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in (*([floor] if floor else []), results.ours, results.personal, *results.others):
        share = f"{floor.median / row.median:.2f}" if floor else "-"
        memory = "-" if row.idle_kb is None else f"{row.idle_kb:.2f}"
        lines.append(
            f"| {row.name} | {row.median:.2f} | {min(row.us):.2f} to {max(row.us):.2f} | {1e6 / row.median:,.0f} | {share} | {memory} |"
        )
    return lines + [f"| {name} | {why} | | | | |" for name, why in results.absent.items()]


def _audiences(results: Results) -> list[str]:
    if not results.audiences:
        return []
    return [
        "## Ours, against the audience", "",
        "A backlog is drained: each message is heard by all sockets of one process. Of the memory of a hundred sockets most is what the first one takes.", "",
        "| sockets that hear each message | µs a frame | until the last of them has heard | MB for 1,000 idle sockets |",
        "|---|---|---|---|",
        *(
            f"| {one.sockets:,} | {one.us:.2f} | {one.us * one.sockets / 1000:.1f} ms | {one.kb:.2f} |"
            for one in results.audiences
        ),
    ]  # fmt: skip


def _rates(results: Results) -> list[str]:
    if not results.rates:
        return []
    return [
        "## Ours, against the rate", "",
        "Frames come at their times, to 100 sockets. A frame that comes alone has a wake-up to itself; the more come together, the less each costs.", "",
        "| frames/s | µs a frame | of a core | p99 said | p99 true |",
        "|---|---|---|---|---|",
        *(
            f"| {one.frames:,.0f} | {one.us:.1f} | {one.core:.0%} | {one.said:.1f} ms | {one.true:.1f} ms |"
            for one in results.rates
        ),
    ]  # fmt: skip


def _said(results: Results) -> list[str]:
    if not results.measured:
        return []
    return [
        "## What they say of latencies, and what is true", "",
        "| client | frames/s | p50 said | p50 true | p99 said | p99 true |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.name} | {one.frames:,.0f} | {one.said[0]:.1f} ms | {one.true[0]:.1f} ms | {one.said[1]:.1f} ms | {one.true[1]:.1f} ms |"
            for one in results.measured
        ),
    ]  # fmt: skip
