"""Counts false alarms: whole checks of all APIs on undamaged servers, again and again, each with a seed of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import command
from benchmarks.mutation.page import put_between
from earwitness.errors import CouldNotTest, ExitCode

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "clean.jsonl", HERE.parent / "docs" / "detection.md"
# The reports of runs that found something, to be looked at.
KEPT = Path("build", "clean")
BEGIN = "<!-- made by `python -m benchmarks.clean report`; change what stands outside -->"

app = typer.Typer(
    help="Checks undamaged servers again and again.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

Results = Annotated[Path, typer.Option("--results", metavar="FILE", help="Where the outcomes are kept.")]


@dataclass(frozen=True, slots=True)
class Run:
    """One `check --all`: what was generated followed from ``seed`` and ``effort``; its exit code, how much of it there was, what it
    found (causes), how long its suites took and how much of that was waiting to hear, in seconds."""

    seed: int
    effort: float
    exit_code: int
    items: int
    cases: int
    findings: tuple[str, ...]
    seconds: float
    waited: float
    date: str

    @property
    def key(self) -> tuple[int, float]:
        """What makes it the same run again."""
        return self.seed, self.effort


def read(path: Path) -> tuple[Run, ...]:
    """The runs that the file ``path`` holds; a last line that was cut off is left out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    whole = (json.loads(line) for line in lines if line.endswith("\n"))
    return tuple(Run(**{**one, "findings": tuple(one["findings"])}) for one in whole)


def run_of(results: dict[str, Any], seed: int, effort: float, today: str) -> Run:
    """What the ``results`` of a check (its results.json) come to."""
    apis = results["apis"]
    return Run(
        seed, effort, results["exit_code"], sum(len(api["items"]) for api in apis), sum(len(api["cases"]) for api in apis),
        tuple(finding["cause"] for api in apis for finding in api["findings"]),
        round(sum(api["seconds"] for api in apis), 1), round(sum(api["waited_ms"] for api in apis) / 1000, 1), today,
    )  # fmt: skip


def told(runs: Sequence[Run]) -> str:
    """The table of the runs, those of one effort in a row."""
    if not runs:
        return "Nothing was tried yet.\n"
    head = ("effort", "runs", "seeds", "findings", "exit codes", "cases", "seconds of a run", "of it waiting")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for effort in sorted({run.effort for run in runs}, reverse=True):
        ours = [run for run in runs if run.effort == effort]
        codes = sorted({run.exit_code for run in ours})
        waited, seconds = sum(run.waited for run in ours), sum(run.seconds for run in ours)
        cells = (
            f"{effort:g}", len(ours), _range([run.seed for run in ours]), sum(len(run.findings) for run in ours),
            ", ".join(map(str, codes)), sum(run.cases for run in ours), _range([round(run.seconds) for run in ours]),
            f"{100 * waited / seconds:.1f} %",
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    causes = [
        f"- seed {run.seed}, effort {run.effort:g}: `{cause}`" for run in runs for cause in run.findings
    ]
    days = sorted({run.date for run in runs})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return "\n".join([f"Run {when}.", "", *lines, *(["", *causes] if causes else []), ""])


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


@app.command()
def run(
    full: Annotated[int, typer.Option("--full", min=0, help="How many runs of the usual effort.")] = 5,
    tenth: Annotated[int, typer.Option("--tenth", min=0, help="How many of a tenth of it.")] = 25,
    results: Results = RESULTS,
) -> None:
    """Do the runs that were not done yet, one after the other. Each outcome is written down as it comes."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    wanted = [*((1 + n, 1.0) for n in range(full)), *((101 + n, 0.1) for n in range(tenth))]
    done = {each.key for each in read(results)}
    todo = [each for each in wanted if each not in done]
    console.print(f"{len(wanted)} runs, {len(todo)} of them to do now")
    try:
        for number, each in enumerate(_all(todo), start=1):
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(each)) + "\n")
            console.print(
                f"{number}/{len(todo)}  seed {each.seed}, effort {each.effort:g}: exit {each.exit_code}, {len(each.findings)} findings, "
                f"{each.cases} cases, {each.seconds:g} s"
            )
    except KeyboardInterrupt:
        console.print("interrupted: what was done so far is kept; the same command goes on from there")
        raise typer.Exit(int(ExitCode.INTERRUPTED)) from None


def _all(todo: Sequence[tuple[int, float]]) -> Iterator[Run]:
    for seed, effort in todo:
        with TemporaryDirectory(prefix="earwitness-clean-") as folder:
            out = Path(folder, "report")
            asked = [
                *("check", "--all", "--seed", str(seed), "--effort", f"{effort:g}", "--out", str(out)),
            ]
            ended = subprocess.run(
                [sys.executable, "-P", "-m", "earwitness", *asked], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            try:
                found = json.loads((out / "results.json").read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CouldNotTest(
                    f"seed {seed} left no results, exit code {ended.returncode}: {ended.stderr[-500:]}"
                ) from error
            done = run_of(found, seed, effort, date.today().isoformat())
            if done.findings or done.exit_code:
                kept = KEPT / f"{seed}-{effort:g}"
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(out, kept)
        yield done


@app.command()
def report(results: Results = RESULTS) -> None:
    """Write the table in docs/detection.md again."""
    PAGE.write_text(
        put_between(PAGE.read_text(encoding="utf-8"), told(read(results)), BEGIN), encoding="utf-8"
    )


if __name__ == "__main__":
    command.run(app, "clean")
