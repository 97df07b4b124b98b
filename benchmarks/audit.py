"""`python -m benchmarks.audit`: is every anomaly in a million frames counted and named, and what does remembering them take?"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import typer

from benchmarks.planting import RUN, Field, Named, Planted, plant
from earwitness.errors import ExitCode
from earwitness.load.ledger import KINDS, Ledger, Sent
from earwitness.load.stamp import Stamp

_SENDERS = 5

app = typer.Typer(help="Plants anomalies in a load's frames and audits them.", add_completion=False)


@dataclass(frozen=True)
class Found:
    """What an audit came to: counts of what was planted and found, what was called something else, and seconds of hearing."""

    frames: int
    planted: Counter[str]
    counted: Counter[str]
    misjudged: Counter[tuple[str, Named]]
    expected: int
    heard: int
    seconds: float


def audit(field: Field) -> Found:
    """Let a ledger for each listener hear its frames, as so many processes would, and judge them one by one and merged."""
    planted: Counter[str] = Counter()
    misjudged: Counter[tuple[str, Named]] = Counter()
    whole, seconds, frames = Ledger(RUN, {}), 0.0, 0
    for each in field.listeners:
        ledger = field.ledger(each)
        seconds += _hear(ledger, each)
        frames += len(each.frames)
        for (kind, _, _), times in each.wrong.items():
            planted[kind] += times
        misjudged.update(_misjudged(ledger, field, each))
        whole.merge(Ledger.load(json.loads(json.dumps(ledger.dump()))))
    whole.sent.update(field.sent)
    judged = whole.judge()
    counted = Counter({kind: count for kind, count in judged.counts.items() if count})
    return Found(frames, planted, counted, misjudged, judged.expected, judged.heard, seconds)


def _hear(ledger: Ledger, planted: Planted) -> float:
    began = time.perf_counter()
    for at, stamp in enumerate(planted.frames):
        ledger.hear(planted.listener, stamp, at)
    return time.perf_counter() - began


def _misjudged(ledger: Ledger, field: Field, planted: Planted) -> Counter[tuple[str, Named]]:
    """What was planted and not found as such, and what was found and not planted."""
    alone = Ledger.load(ledger.dump())
    alone.sent.update(field.sent)
    found = Counter((one.kind, one.sender, one.sequence) for one in alone.judge().anomalies)
    return Counter({("missed", one): times for one, times in (planted.wrong - found).items()}) + Counter(
        {("made up", one): times for one, times in (found - planted.wrong).items()}
    )


def bytes_each(messages: int, lost_each: int = 0, listeners: int = 20) -> float:
    """Bytes that a ledger takes for each listener and sender, once each has heard so many messages, all but one in ``lost_each`` (0: all)."""
    names = [f"b/{i}" for i in range(listeners)]
    stamps = (Stamp(RUN, "a", n, 0) for n in range(1, messages + 1) if not lost_each or n % lost_each)
    tracemalloc.start()
    ledger = Ledger(RUN, {"a": messages})
    ledger.sent["a"] = Sent(messages, messages)
    for name in names:
        ledger.listen(name, ["a"])
    before, _ = tracemalloc.get_traced_memory()
    for stamp in stamps:
        for name in names:
            ledger.hear(name, stamp, 0)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / listeners


@app.command()
def run(
    frames: Annotated[
        int, typer.Option("--frames", min=1_000, help="How many frames are heard.")
    ] = 1_000_000,
    share: Annotated[
        float, typer.Option("--share", min=0, max=0.1, help="How many have something wrong.")
    ] = 0.01,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What is wrong follows from this.")] = 1,
) -> None:
    """Audit frames with planted anomalies, and tell what each listener and sender takes."""
    # Few enough anomalies for a listener that its list is not cut, so each of them can be looked at.
    listeners = max(1, round(frames / 50_000))
    field = plant(listeners, _SENDERS, round(frames / listeners / _SENDERS), share, seed)
    found = audit(field)
    print(
        f"{found.frames:,} frames, {listeners} listeners, {_SENDERS} senders; {sum(found.planted.values()):,} anomalies planted"
    )
    print(f"{'':14}{'planted':>9}{'counted':>9}")
    for kind in KINDS:
        print(f"{kind:14}{found.planted[kind]:9,}{found.counted[kind]:9,}")
    print(f"misjudged: {sum(found.misjudged.values())}; expected {found.expected:,}, heard {found.heard:,}")
    print(f"hearing one frame took {found.seconds / found.frames * 1e9:,.0f} ns")
    for messages in (1_000, frames):
        each, lossy = bytes_each(messages, listeners=3), bytes_each(messages, 100, listeners=3)
        print(
            f"{messages:,} messages: {each:,.0f} bytes for a listener and sender, {lossy:,.0f} if one in a hundred is lost"
        )
    if found.misjudged or found.planted != found.counted:
        for (how, named), times in list(found.misjudged.items())[:20]:
            print(f"{how}: {named}, {times} times")
        raise typer.Exit(int(ExitCode.FAILED))


if __name__ == "__main__":
    app()
