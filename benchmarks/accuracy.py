"""`python -m benchmarks.accuracy`: what a load says of latencies beside what is true, at shares of what one of its processes can hear."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from benchmarks.hearing.exact import LEAST_MS, MORE_MS, MOST_MS, Heard, heard, plan
from benchmarks.hearing.stage import Client, Failed, drained, python
from benchmarks.listeners import cores
from earwitness.load.figures import FINE

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "ACCURACY.md"
OURS: Final = Client("a listener bank, all of it checked", python("ours"), ("bank",))
# Of what a process can hear, in percent: an ordinary load first, for which figures have to be near the truth.
SHARES: Final = (5, 10, 25, 50)
# Near is within this share of the truth, or so many milliseconds.
NEAR, NEAR_MS = 0.1, 1.0
# A histogram gives the middle of a bucket.
PRECISION: Final = 2.0 ** -(FINE + 1)
# Frames of one backlog after the other, by which the limit is found.
_ROUNDS: Final = 100

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A percentile in ms: what was said of it, what it truly was, what it is at least if self-lag is taken off, and that percentile of self-lag."""

    said: float
    true: float
    least: float
    own: float

    @property
    def is_within(self) -> bool:
        """Whether the truth lies between what was said and what it is at least, as finely as a histogram tells."""
        return self.least * (1 - PRECISION) <= self.true <= self.said * (1 + PRECISION)

    @property
    def is_near(self) -> bool:
        """Whether what was said is within 10 % or 1 ms of the truth."""
        return abs(self.said - self.true) <= max(NEAR * self.true, NEAR_MS)


@dataclass(frozen=True, slots=True)
class Run:
    """One load: the median and the 99th percentile; by how much deliveries were said to take too long on the average, and self-lag on
    the average, in ms; of how many deliveries that is, how many of them bounds; and the share of a core that it took."""

    p50: Figure
    p99: Figure
    error: float
    own: float
    sampled: int
    bounds: int
    cpu: float


@dataclass(frozen=True, slots=True)
class Rate:
    """What came of the runs at one rate: ``share`` of the limit in percent, ``frames`` a second."""

    share: float
    frames: float
    runs: tuple[Run, ...]

    @property
    def typical(self) -> Run:
        """The run whose 99th percentile is off by the median of them all."""
        return sorted(self.runs, key=lambda run: run.p99.said - run.p99.true)[len(self.runs) // 2]

    @property
    def within(self) -> int:
        """Of how many runs the truth lies where it has to."""
        return sum(run.p50.is_within and run.p99.is_within for run in self.runs)


@app.command()
def run(
    sockets: Annotated[int, typer.Option(min=10, help="Sockets that hear every message.")] = 500,
    seconds: Annotated[float, typer.Option(min=0.5, help="How long each load is.")] = 5.0,
    runs: Annotated[int, typer.Option(min=1, help="Loads at each rate.")] = 3,
    share: Annotated[list[float] | None, typer.Option(min=1, max=100, help="Percent of what a process can hear; may be said again.")] = None,
    write: Annotated[bool, typer.Option(help="Write the page benchmarks/ACCURACY.md.")] = False,
) -> None:  # fmt: skip
    """Compare what a load says of latencies with what is true, and print the page of results; exit code 1 where a claim does not hold."""
    console = Console(stderr=True)
    core, beside = cores()
    with tempfile.TemporaryDirectory() as folder:
        speaker = compiled(Path(folder))
        if speaker is None:
            console.print("benchmark: no C compiler here, and a server in Python would not know the truth")
            raise typer.Exit(3)
        try:
            limit = _limit(sockets, core)
            console.print(f"the limit: {limit:,.0f} frames a second")
            rates = [
                _at(each, limit, speaker, sockets, seconds, runs, core, console) for each in share or SHARES
            ]
        except Failed as error:
            console.print(f"benchmark: {error}")
            raise typer.Exit(3) from error
    text = page(_head(limit, sockets, seconds, runs, beside), rates)
    if write:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    if not all(holds for _, holds in claims(rates)):
        raise typer.Exit(1)


def compiled(folder: Path) -> Path | None:
    """The program that speaks; None where there is no compiler."""
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        return None
    program = folder / "speaker"
    subprocess.run([compiler, "-O2", "-o", program, HERE / "speaker.c"], check=True)
    return program


def _limit(sockets: int, core: int | None) -> float:
    """How many frames a second one process can hear, by the processor time of those of a backlog."""
    over = drained(OURS, sockets, _ROUNDS, core).over
    return float(over["frames"] / over["cpu_s"])


def _at(
    share: float, limit: float, speaker: Path, sockets: int, seconds: float, runs: int, core: int | None, console: Console
) -> Rate:  # fmt: skip
    frames = limit * share / 100
    messages = max(2, round(frames / sockets * seconds))
    found = []
    for seed in range(1, runs + 1):
        told = heard(OURS, speaker, sockets, plan(sockets, frames / sockets, messages, seed), core)
        one = run_of(told, messages * sockets / frames)
        found.append(one)
        console.print(
            f"{share:g} %: p50 {one.p50.said:.2f} ms for {one.p50.true:.2f}, p99 {one.p99.said:.2f} ms for {one.p99.true:.2f}, at least {one.p99.least:.2f}"
        )
    return Rate(share, frames, tuple(found))


def run_of(told: Heard, seconds: float) -> Run:
    """What a client told, beside the truth. Raises Failed where it heard anything wrong."""
    over = told.over
    if over["wrong"]:
        raise Failed(f"{over['wrong']} frames were heard wrong or not at all")
    true = sorted(told.true_ms)

    def figure(name: str, percent: int) -> Figure:
        # As the figures of a load have it: what so many do not exceed.
        rank = max(1, -(-len(true) * percent // 100))
        return Figure(
            over[f"{name}_ms"], true[rank - 1], over["at_least_ms"][name], over["self_lag_ms"][name]
        )

    return Run(
        figure("p50", 50), figure("p99", 99), over["mean_ms"] - statistics.fmean(true), over["self_lag_mean_ms"],
        over["self_lag_of"], over["bounds"], over["cpu_s"] / seconds,
    )  # fmt: skip


def claims(rates: Iterable[Rate]) -> Iterator[tuple[str, bool]]:
    """What we claim, in words, and whether it holds."""
    rates = list(rates)
    lowest = min(rates, key=lambda rate: rate.share)
    near = lowest.typical
    yield (
        f"at {lowest.share:g} % of what a process can hear, p50 and p99 are within {NEAR * 100:g} % or {NEAR_MS:g} ms of the truth:"
        f" {near.p50.said - near.p50.true:+.2f} and {near.p99.said - near.p99.true:+.2f} ms",
        near.p50.is_near and near.p99.is_near,
    )
    within, of = sum(rate.within for rate in rates), sum(len(rate.runs) for rate in rates)
    yield (
        f"at every rate the truth is no more than what is said, and no less than that without self-lag (to {PRECISION * 100:.1f} %, as finely as it is said): in {within} of {of} loads",
        within == of,
    )


def page(head: Iterable[str], rates: list[Rate]) -> str:
    """The whole page, as Markdown; ``head`` says when and where it was made."""
    lines = ["# What a load says of latencies, and what is true", "", *head, "", "## What holds", ""]
    lines += [f"- {'Holds' if holds else '**Does not hold**'}: {words}." for words, holds in claims(rates)]
    lines += [
        "", "## The figures", "",
        "Milliseconds. *At least* is what the truth cannot be below by what the load knows of itself (`generator.self_lag_ms`); a service level"
        " that was missed is undecided if it would have held with that.", "",
        "| of the limit | frames/s | p50 said | true | at least | self-lag p50 | p99 said | true | at least | self-lag p99 | core |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for rate in rates:
        one = rate.typical
        figures = " | ".join(
            f"{each.said:.2f} | {each.true:.2f} | {each.least:.2f} | {each.own:.2f}"
            for each in (one.p50, one.p99)
        )
        lines.append(f"| {rate.share:g} % | {rate.frames:,.0f} | {figures} | {one.cpu * 100:.0f} % |")
    lines += [
        "", "## Whether self-lag is what it says", "",
        "By how much a delivery was said to take too long on the average, on all sockets, and self-lag on the average, on those with stamps. A bound"
        " is the most that it can have been, where several messages came in one read.", "",
        "| of the limit | said too long by | self-lag | of deliveries | of these bounds |",
        "|---|---|---|---|---|",
        *(
            f"| {rate.share:g} % | {one.error:.2f} | {one.own:.2f} | {one.sampled:,} | {one.bounds:,} |"
            for rate in rates for one in (rate.typical,)
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _head(limit: float, sockets: int, seconds: float, runs: int, beside: str) -> Iterator[str]:
    yield f"Made on {datetime.now(UTC):%Y-%m-%d} by `python -m benchmarks.accuracy --write`, which writes this page again. {platform.machine()},"
    urgent = hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) != os.SCHED_OTHER
    beside += ", before all else on the machine" if urgent else ""
    yield f"{os.cpu_count()} cores, Linux {'.'.join(platform.release().split('.')[:2])}, Python {platform.python_version()}, {beside}. {sockets} sockets, {runs} loads of {seconds:g} s at each rate,"
    yield f"the median of them by the error of p99; one process can hear {limit:,.0f} frames a second. A program in C sends each frame {LEAST_MS:g} to {MOST_MS:g} ms"
    yield f"after it is due, {LEAST_MS + MORE_MS:g} on the average, and notes when it hands it to the kernel. [README.md](README.md) says more."


if __name__ == "__main__":
    app()
