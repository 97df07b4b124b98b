"""`python -m benchmarks.mutants`: does anybody notice when the reference server is changed at random?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from benchmarks import command
from benchmarks.mutation.mutations import Mutation
from benchmarks.mutation.page import put_into, told
from benchmarks.mutation.records import (
    Trial,
    add_trial,
    git_blob,
    latest,
    read_explanations,
    read_trials,
    undone,
)
from benchmarks.mutation.sampling import assign, on_the_path, population, sample
from benchmarks.mutation.trying import Stopped, Trier
from earwitness.content import api_names, content_root, draft_names
from earwitness.errors import CouldNotTest, ExitCode, UsageError

HERE = Path(__file__).parent / "mutation"
RESULTS, EXPLAINED = HERE / "results.jsonl", HERE / "explained.yaml"
PAGE = HERE.parents[1] / "docs" / "detection.md"
# What is worth keeping between two runs, and not in git.
KEPT = Path("build", "mutants")

app = typer.Typer(
    help="Tries automatic mutants of the reference server.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

Seconds = Annotated[
    float, typer.Option("--seconds", min=1, help="How long the suites may take for one of them.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, help="How many at a time. Default: one for each core.")
]
Results = Annotated[Path, typer.Option("--results", metavar="FILE", help="Where the outcomes are kept.")]


@app.command()
def run(
    api: Annotated[
        list[str] | None,
        typer.Option("--api", help="Try them on this API; may be said again. Default: all that are served."),
    ] = None,
    only: Annotated[
        str, typer.Option("--only", metavar="FILE", help="Only mutations of this file, as core/hub.py.")
    ] = "",
    size: Annotated[int, typer.Option("--sample", min=1, help="How many are chosen.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Which ones follows from this.")] = 1,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="Try no more than this many now; the next run goes on."),
    ] = None,
    seconds: Seconds = 420,
    jobs: Jobs = None,
    results: Results = RESULTS,
) -> None:
    """Choose mutations by seed and try those that were not tried yet. Each outcome is written down as it comes."""
    console = Console(stderr=True)
    trier = Trier(seconds)
    try:
        chosen = _chosen(trier, _apis(api or ()), only, size, seed, console)
        server = content_root() / "reference_server"
        blobs = {one.file: git_blob((server / one.file).read_bytes()) for one, _ in chosen}
        keys = {(one.id, name, seed, blobs[one.file]): (one, name) for one, name in chosen}
        missing = undone(keys, read_trials(results))
        todo = [each for key, each in keys.items() if key in missing][:limit]
        console.print(f"{len(keys)} chosen, {len(keys) - len(missing)} tried before, {len(todo)} to try now")
        _try(trier, todo, seed, jobs, results, console)
    except KeyboardInterrupt:
        _interrupted(console)


@app.command()
def again(seconds: Seconds = 420, jobs: Jobs = None, results: Results = RESULTS) -> None:
    """Try once more what survived and should not have: what was called a hole, or was not looked at. Checks may have come since."""
    console = Console(stderr=True)
    trier = Trier(seconds)
    known = {one.id: one for one in population(content_root() / "reference_server")}
    explained = read_explanations(EXPLAINED)
    survivors = [
        trial
        for trial in latest(read_trials(results))
        if trial.outcome == "survived"
        and (trial.name not in explained or explained[trial.name].kind == "hole")
    ]
    todo = [(known[trial.id], trial.api) for trial in survivors if trial.id in known]
    console.print(
        f"{len(todo)} to try again; {len(survivors) - len(todo)} are of lines that are there no more"
    )
    try:
        _try(trier, todo, max((trial.seed for trial in survivors), default=1), jobs, results, console)
    except KeyboardInterrupt:
        _interrupted(console)


@app.command()
def report(results: Results = RESULTS) -> None:
    """Write the tables of docs/detection.md again, from the outcomes and what explained.yaml says of the survivors."""
    text = told(latest(read_trials(results)), read_explanations(EXPLAINED))
    PAGE.write_text(put_into(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


def _try(
    trier: Trier,
    todo: Sequence[tuple[Mutation, str]],
    seed: int,
    jobs: int | None,
    results: Path,
    console: Console,
) -> None:
    for number, trial in enumerate(_all(trier, todo, seed, jobs or os.cpu_count() or 1), start=1):
        add_trial(results, trial)
        console.print(f"{number}/{len(todo)}  {_line(trial)}", markup=False, highlight=False, soft_wrap=True)


def _interrupted(console: Console) -> NoReturn:
    console.print("interrupted: what was tried so far is kept; the same command goes on from there")
    raise typer.Exit(int(ExitCode.INTERRUPTED))


def _apis(names: Sequence[str]) -> tuple[str, ...]:
    modules = content_root() / "reference_server" / "apis"
    served = [name for name in (*api_names(), *draft_names()) if (modules / f"{name}.py").exists()]
    for name in names:
        if name not in served:
            raise UsageError(f"--api {name}: the reference server has {', '.join(served)}")
    return tuple(dict.fromkeys(names)) or tuple(served)


def _chosen(
    trier: Trier, apis: Sequence[str], only: str, size: int, seed: int, console: Console
) -> tuple[tuple[Mutation, str], ...]:
    reached = {}
    for name in apis:
        console.print(f"control: the suites of {name} on the undamaged server")
        try:
            reached[name] = trier.control(name, KEPT)
        except Stopped:
            raise KeyboardInterrupt from None
        except CouldNotTest as error:
            console.print(f"left out: {error}", markup=False, highlight=False, emoji=False, soft_wrap=True)
    if not reached:
        raise CouldNotTest("no API is left on which a finding would prove something")
    every = population(content_root() / "reference_server")
    found = on_the_path(every, reached)
    left = Counter(one.file for one in every) - Counter(one.file for one in found)
    console.print(f"{len(every)} mutations, {len(found)} where these suites go; elsewhere: {dict(left)}")
    if only and only not in {one.file for one in every}:
        raise UsageError(f"--only {only}: there is nothing to change in such a file")
    return assign(sample([one for one in found if only in ("", one.file)], size, seed), reached, seed)


def _all(trier: Trier, todo: Sequence[tuple[Mutation, str]], seed: int, jobs: int) -> Iterator[Trial]:
    with ThreadPoolExecutor(jobs) as pool:
        under_way = [pool.submit(trier.attempt, one, name, seed) for one, name in todo]
        try:
            for future in as_completed(under_way):
                yield future.result()
        except BaseException:
            for future in under_way:
                future.cancel()
            trier.stop()
            raise


def _line(trial: Trial) -> str:
    after = f" by {trial.by}" if trial.by else ""
    return f"{trial.outcome}{after} after {trial.seconds:g} s  {trial.id} [{trial.api}]"


if __name__ == "__main__":
    command.run(app, "mutants")
