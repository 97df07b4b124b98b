"""`python -m benchmarks.listeners`: what a listener costs, ours beside others and beside the least that is possible, in one run."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from benchmarks.hearing import others
from benchmarks.hearing.page import Audience, Held, Measured, Pressed, Results, Row, page
from benchmarks.hearing.stage import Client, Failed, Told, drained, idle, most_descriptors, python, timed

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "RESULTS.md"
# Frames that a fast client hears in one run, and what runs on a compiler that learns as it goes: it shall have learnt.
_MANY: Final = 200_000
# What is fetched for other clients stays there.
_BUILD: Final = HERE.parent / "build"
# Who hears each message, and how many messages a second 100 sockets hear, where our own cost is drawn as a curve.
_AUDIENCES: Final = (100, 1_000, 5_000, 15_000)
_RATES: Final = (5.0, 20.0, 80.0, 320.0)
# Descriptors that a process needs beside its sockets.
_BESIDE: Final = 200

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@dataclass
class Bench:
    """What is measured, and what is not here."""

    floor: Client | None = None
    personal: Client = field(
        default_factory=lambda: Client(
            "the same, a payload of its own for each socket", python("ours"), ("bank",)
        )
    )
    ours: Client = field(
        default_factory=lambda: Client("a listener bank, all of it checked", python("ours"), ("bank",), _MANY)
    )
    others: list[Client] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    @property
    def clients(self) -> list[Client]:
        return [*([self.floor] if self.floor else []), self.ours, self.personal, *self.others]


@contextmanager
def bench(fetch: bool = False) -> Iterator[Bench]:
    """All that can be measured on this machine; ``fetch`` says whether others may be installed in build/ for it."""
    made = Bench()
    made.others.append(Client("a greenlet a socket, all of it checked", python("ours"), ("greenlets",)))
    with tempfile.TemporaryDirectory() as folder:
        compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
        if compiler:
            program = Path(folder) / "floor"
            subprocess.run([compiler, "-O2", "-o", program, HERE / "floor.c"], check=True)
            made.floor = Client("the floor: epoll and recv in C", (str(program),), frames=_MANY)
        else:
            made.absent["the floor: epoll and recv in C"] = "no C compiler here"
        usual = "the usual Locust recipe: websocket-client, an event a frame"
        if importlib.util.find_spec("websocket"):
            made.others.append(Client(usual, python("recipe"), ("websocket-client",)))
        else:
            made.absent[usual] = "websocket-client is not installed; websockets.sync is measured in its place"
            made.others.append(
                Client("the same recipe with websockets.sync", python("recipe"), ("websockets.sync",))
            )
        made.others.append(Client("websockets on asyncio, JSON read", python("library"), ("asyncio",)))
        _add_fetched(made, fetch, folder)
        yield made


def _add_fetched(made: Bench, fetch: bool, scratch: str) -> None:
    """The clients that are made of what Earwitness itself does not need, as far as it can be had; ``scratch`` is a folder for their files."""
    try:
        folder = others.uvloop(_BUILD, fetch)
        made.others.append(
            Client("websockets on uvloop, JSON read", python("library"), ("uvloop", str(folder)), _MANY // 2)
        )
    except others.NotHere as error:
        made.absent["websockets on uvloop, JSON read"] = str(error)
    name = "Artillery, JSON read and a histogram"
    try:
        node, modules = others.artillery(_BUILD, fetch)
        program = (node, "--expose-gc", str(HERE / "hearing" / "artillery.cjs"), str(modules), scratch)
        made.others.append(Client(name, program, frames=_MANY))
    except others.NotHere as error:
        made.absent[name] = str(error)


@app.command()
def run(
    sockets: Annotated[int, typer.Option(min=10, help="Sockets of each client.")] = 500,
    runs: Annotated[int, typer.Option(min=1, help="How often each client is measured; the median counts.")] = 5,
    hold: Annotated[int, typer.Option(min=0, help="How many sockets one process shall hold; 0: not tried.")] = 15_000,
    rate: Annotated[float, typer.Option(min=0, help="Messages a second of 100 sockets each, to see what is said of latencies; 0: not tried.")] = 120,
    curve: Annotated[bool, typer.Option(help="Measure ours against the audience and the rate as well.")] = True,
    fetch: Annotated[bool, typer.Option(help="Install uvloop and Artillery in build/, once, to measure them; --no-fetch: only what is there.")] = True,
    write: Annotated[bool, typer.Option(help="Write the page benchmarks/RESULTS.md.")] = False,
) -> None:  # fmt: skip
    """Measure what a listener costs, ours beside others, and print the page of results."""
    console = Console(stderr=True)
    core, beside = cores()
    if fetch:
        console.print(
            "others are fetched into build/ if they are not there yet; Artillery takes 600 MB and a minute or two"
        )
    with bench(fetch) as here:
        try:
            cost = _costs(here, sockets, runs, core, console)
            whole = [client for client in here.clients if client is not here.personal]
            memory = {client.name: _idle(client, core) for client in whole}
            measured = [_measured(client, rate, core, console) for client in whole if rate]
            held = _held(here.ours, min(hold, most_descriptors() - _BESIDE), core, console) if hold else None
            audiences = tuple(_audiences(here.ours, core, console)) if curve else ()
            rates = tuple(_pressed(here.ours, each, core, console) for each in _RATES) if curve else ()
        except Failed as error:
            console.print(f"benchmark: {error}")
            raise typer.Exit(3) from error
        rows = {name: Row(name, tuple(us), memory.get(name)) for name, us in cost.items()}
        floor = rows.pop(here.floor.name) if here.floor else None
        ours, personal = rows.pop(here.ours.name), rows.pop(here.personal.name)
        results = Results(
            ours, personal, floor, tuple(rows.values()), here.absent, tuple(measured), held, audiences, rates
        )
        text = page(list(_head(sockets, runs, beside)), results)
    if write:
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def cores() -> tuple[int | None, str]:
    """The core for the clients; this process, which is their server, keeps to another. And what to say of it."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) < 2:
        return None, "server and clients on whichever core is free"
    os.sched_setaffinity(0, {cores[0]})
    return cores[-1], "server and clients each pinned to a core"


def _costs(
    here: Bench, sockets: int, runs: int, core: int | None, console: Console
) -> dict[str, list[float]]:
    """The processor time a frame of each client, in µs, in each of its runs. They take turns, so that what disturbs, disturbs all."""
    cost: dict[str, list[float]] = {client.name: [] for client in here.clients}
    for number in range(runs):
        for client in here.clients:
            rounds = max(1, client.frames // sockets)
            told = _right(client, drained(client, sockets, rounds, core, personal=client is here.personal))
            cost[client.name].append(told.over["cpu_s"] * 1e6 / told.over["frames"])
            console.print(f"run {number + 1}: {client.name}: {cost[client.name][-1]:.2f} µs a frame")
    return cost


def _right(client: Client, told: Told) -> Told:
    if told.over["wrong"]:
        raise Failed(f"{client.name} heard {told.over['wrong']} frames wrong or not at all")
    return told


def _idle(client: Client, core: int | None) -> float:
    sockets = 2_000
    return idle(client, sockets, core).resident_kb / sockets


def _measured(client: Client, rate: float, core: int | None, console: Console) -> Measured:
    sockets = 100
    # The floor measures no latencies unless it is asked to, by one word more.
    asked = replace(client, how=client.how or ("latencies",))
    told = _right(client, timed(asked, sockets, rate, round(rate * 5), core))
    true = statistics.quantiles(told.true_ms, n=100)
    found = Measured(
        client.name, rate * sockets, (told.over["p50_ms"], told.over["p99_ms"]), (true[49], true[98])
    )
    console.print(
        f"{client.name}: p50 {found.said[0]:.1f} ms for {found.true[0]:.1f}, p99 {found.said[1]:.1f} ms for {found.true[1]:.1f}"
    )
    return found


def _held(client: Client, sockets: int, core: int | None, console: Console) -> Held:
    told = _right(client, drained(client, sockets, 3, core))
    console.print(f"{client.name}: {sockets:,} sockets, {told.over['frames']:,} frames")
    return Held(sockets, told.over["opened_s"], told.resident_kb / sockets, told.over["frames"])


def _audiences(client: Client, core: int | None, console: Console) -> Iterator[Audience]:
    for sockets in _AUDIENCES:
        if sockets > most_descriptors() - _BESIDE:
            break
        told = _right(client, drained(client, sockets, max(4, client.frames // sockets), core))
        cost = told.over["cpu_s"] * 1e6 / told.over["frames"]
        console.print(f"{client.name}: {sockets:,} sockets: {cost:.2f} µs a frame")
        yield Audience(sockets, cost, told.resident_kb / sockets)


def _pressed(client: Client, rate: float, core: int | None, console: Console) -> Pressed:
    sockets, seconds = 100, 5
    told = _right(client, timed(client, sockets, rate, round(rate * seconds), core))
    used, frames = told.over["cpu_s"], told.over["frames"]
    true = statistics.quantiles(told.true_ms, n=100)[98]
    console.print(f"{client.name}: {rate * sockets:,.0f} frames/s: {used / seconds:.0%} of a core")
    return Pressed(rate * sockets, used * 1e6 / frames, used / seconds, told.over["p99_ms"], true)


def _head(sockets: int, runs: int, beside: str) -> Iterator[str]:
    yield f"Made on {datetime.now(UTC):%Y-%m-%d} by `python -m benchmarks.listeners --write`, which writes this page again. {platform.machine()},"
    yield f"{os.cpu_count()} cores, Linux {'.'.join(platform.release().split('.')[:2])}, Python {platform.python_version()}, Locust {version('locust')}, gevent {version('gevent')}, websockets {version('websockets')}."
    yield f"{sockets} sockets a client, {runs} runs in turn, {beside}; the median counts. Other machines give other figures; the ratios stay much the same."
    yield "[README.md](README.md) says what is measured."


if __name__ == "__main__":
    app()
