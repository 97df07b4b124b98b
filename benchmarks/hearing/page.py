"""The page of results: what was measured as tables, ratios first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def page(
    head: Sequence[str], ours: Row, floor: Row | None, others: Sequence[Row], absent: Mapping[str, str], measured: Sequence[Measured],
    held: Held | None,
) -> str:  # fmt: skip
    """The whole page, as Markdown; ``head`` says when and where it was made."""
    return "\n".join(_lines(head, ours, floor, others, absent, measured, held)) + "\n"


def _lines(
    head: Sequence[str], ours: Row, floor: Row | None, others: Sequence[Row], absent: Mapping[str, str], measured: Sequence[Measured],
    held: Held | None,
) -> Iterator[str]:  # fmt: skip
    yield "# What a listener costs"
    yield ""
    yield from head
    yield ""
    yield "## Ratios"
    yield ""
    if floor is not None:
        yield f"- **{ours.median / floor.median:.1f} times the floor**: {ours.median:.1f} µs of processor time a frame, {floor.median:.1f} µs for the least in C."
    for row in others:
        yield f"- **{row.median / ours.median:.1f} times less** than {row.name}: {row.median:.1f} µs a frame."
    if ours.idle_kb is not None:
        yield f"- **{ours.idle_kb:.2f} MB for 1,000 sockets** on which nothing happens."
    if held is not None:
        yield f"- **{held.sockets:,} sockets held by one process**, opened in {held.opened_s:.0f} s, {held.frames:,} frames heard on them, none missed; {held.kb:.2f} MB for 1,000."
    yield ""
    yield "## A backlog is drained"
    yield ""
    yield "| client | µs a frame | lowest to highest | frames/s on a core | of the floor | MB for 1,000 idle sockets |"
    yield "|---|---|---|---|---|---|"
    for row in (*([floor] if floor else []), ours, *others):
        share = f"{floor.median / row.median:.2f}" if floor else "-"
        memory = "-" if row.idle_kb is None else f"{row.idle_kb:.2f}"
        yield f"| {row.name} | {row.median:.2f} | {min(row.us):.2f} to {max(row.us):.2f} | {1e6 / row.median:,.0f} | {share} | {memory} |"
    for name, why in absent.items():
        yield f"| {name} | {why} | | | | |"
    if measured:
        yield ""
        yield "## What they say of latencies, and what is true"
        yield ""
        yield "| client | frames/s | p50 said | p50 true | p99 said | p99 true |"
        yield "|---|---|---|---|---|---|"
        for one in measured:
            yield f"| {one.name} | {one.frames:,.0f} | {one.said[0]:.1f} ms | {one.true[0]:.1f} ms | {one.said[1]:.1f} ms | {one.true[1]:.1f} ms |"
