"""Tries single methods on planted defects: the requests that Schemathesis generates, and the stories, each without the rest."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import command
from benchmarks.mutation.page import put_between
from earwitness.cli.check import parts
from earwitness.cli.choose import Choice
from earwitness.cli.suites import Suites
from earwitness.content import api_names, content_root
from earwitness.deployment import PlantedDefect, list_defects
from earwitness.documents import load_documents
from earwitness.errors import CouldNotTest, ExitCode, UsageError

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "alone.jsonl", HERE.parent / "docs" / "detection.md"
CAUGHT_BY = content_root() / "reference_server" / "defects" / "caught-by.json"
BEGIN = "<!-- made by `python -m benchmarks.alone report`; change what stands outside -->"

# The one file of the suites that is run for a method, and the checks one of which has to find something; none: whichever does. Of Schemathesis'
# own checks, five are switched off where Earwitness runs it, because two of ours judge the same on every answer; so these two count as its own.
METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "schemathesis": (
        "contracts/test_http.py",
        frozenset({"generated-requests", "response-schema", "server-error"}),
    ),
    "stories": ("contracts/test_stories.py", frozenset()),
}
# Nobody would take a run that ends like this for a success, so it counts as caught.
COULD_NOT_TEST = "could not be tested"

app = typer.Typer(
    help="Tries single methods on a sample of the planted defects.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """One method tried on one defect, "" for the undamaged server: the check that found something ("" for none), and how long it took."""

    method: str
    api: str
    defect: str
    seed: int
    by: str
    seconds: float
    date: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes it the same trial again."""
        return self.method, self.api, self.defect, self.seed


def sample(defects: Iterable[PlantedDefect], size: int, seed: int) -> tuple[PlantedDefect, ...]:
    """``size`` of ``defects``, of each API its share, and at least one; which ones follows from ``seed``."""
    by_api: dict[str, list[PlantedDefect]] = {}
    for defect in defects:
        by_api.setdefault(defect.api, []).append(defect)
    every = sum(map(len, by_api.values()))
    chance = random.Random(seed)
    return tuple(
        one
        for _, found in sorted(by_api.items())
        for one in chance.sample(found, min(len(found), max(1, round(size * len(found) / every))))
    )


def read(path: Path) -> tuple[Trial, ...]:
    """The trials that the file ``path`` holds; a last line that was cut off is left out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return tuple({(t := Trial(**json.loads(line))).key: t for line in lines if line.endswith("\n")}.values())


def told(trials: Sequence[Trial], caught_by: Mapping[str, str]) -> str:
    """The table of what each method caught alone, beside what a proof catches of the same; and which defects each one caught."""
    tried = [trial for trial in trials if trial.defect]
    if not tried:
        return "Nothing was tried yet.\n"
    apis = sorted({trial.api for trial in tried})
    defects = {trial.defect: trial.api for trial in tried}
    rows: list[tuple[str, Mapping[str, bool]]] = [
        (method, {trial.defect: bool(trial.by) for trial in tried if trial.method == method})
        for method in METHODS
    ]
    rows.append(("all of Earwitness", {name: name in caught_by for name in defects}))
    days = sorted({trial.date for trial in tried})
    head = ["alone", *(f"`{api}`" for api in apis), "all"]
    lines = [
        f"Tried {days[0] if len(days) == 1 else f'{days[0]} to {days[-1]}'}, seed {tried[0].seed}: {len(defects)} defects.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    for method, found in rows:
        cells = [_share([caught for name, caught in found.items() if defects[name] == api]) for api in apis]
        lines.append(f"| {' | '.join([method, *cells, _share(list(found.values()))])} |")
    for method, found in rows[:-1]:
        names = sorted(name for name, caught in found.items() if caught)
        lines += ["", f"Caught by {method} alone: {', '.join(f'`{name}`' for name in names) or 'nothing'}."]
    return "\n".join([*lines, ""])


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found)} of {len(found)}" if found else ""


class _Methods:
    """Runs trials from several threads, and ends them all when told to."""

    def __init__(self, seed: int) -> None:
        self._seed, self._lock = seed, Lock()
        self._suites: list[Suites] = []
        self._stopped = False

    def all(self, todo: Sequence[tuple[str, str, str]], jobs: int) -> Iterator[Trial]:
        """A trial for each (method, API, defect), as they end."""
        with ThreadPoolExecutor(jobs) as pool:
            under_way = [pool.submit(self._one, *each) for each in todo]
            try:
                for future in as_completed(under_way):
                    yield future.result()
            except BaseException:
                for future in under_way:
                    future.cancel()
                with self._lock:
                    self._stopped = True
                    for suites in self._suites:
                        suites.stop()
                raise

    def _one(self, method: str, api: str, defect: str) -> Trial:
        file, checks = METHODS[method]
        began = time.monotonic()
        with TemporaryDirectory(prefix="earwitness-alone-") as folder:
            choice = Choice((api,), defects=(defect,) if defect else (), seed=self._seed)
            with self._lock:
                if self._stopped:
                    raise CouldNotTest("interrupted")
                suites = Suites(
                    choice, api, "", Path(folder), without=_all_but(file), until="" if checks else "any"
                )
                self._suites.append(suites)
            suites.wait(lambda: None)
            histories = parts(Path(folder))
            by = COULD_NOT_TEST
            if histories:
                verdict = load_documents(api).judge(histories[0])
                by = next((f.check for f in verdict.findings if not checks or f.check in checks), "")
                if not by and verdict.exit_code is ExitCode.COULD_NOT_TEST:
                    by = COULD_NOT_TEST
        seconds = round(time.monotonic() - began, 1)
        return Trial(method, api, defect, self._seed, by, seconds, date.today().isoformat())


def _all_but(file: str) -> tuple[str, ...]:
    root = content_root()
    found = (path for suite in ("contracts", "scenarios") for path in root.joinpath(suite).rglob("test_*.py"))
    return tuple(sorted({path.relative_to(root).as_posix() for path in found} - {file}))


@app.command()
def run(
    size: Annotated[int, typer.Option("--sample", min=1, help="How many defects are chosen.")] = 60,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Which ones, and what is generated, follows from this.")
    ] = 1,
    method: Annotated[
        list[str] | None, typer.Option("--method", help="Try this method; may be said again. Default: both.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="How many at a time. Default: one for each core.")
    ] = None,
    results: Annotated[
        Path, typer.Option("--results", metavar="FILE", help="Where the outcomes are kept.")
    ] = RESULTS,
) -> None:
    """Choose defects by seed and try each method on those that were not tried yet. Each outcome is written down as it comes."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    planted = [
        each for api in api_names() for each in list_defects(api, content_root()) if not each.load_only
    ]
    chosen = [(one.api, one.id) for one in sample(planted, size, seed)]
    for name in method or ():
        if name not in METHODS:
            raise UsageError(f"--method {name}: expected {' or '.join(METHODS)}")
    methods = [name for name in METHODS if name in (method or METHODS)]
    done = {trial.key for trial in read(results)}
    # The undamaged servers come first: what finds something there proves nothing elsewhere.
    wanted = [(name, api, "") for name in methods for api in sorted({api for api, _ in chosen})]
    wanted += [(name, *one) for name in methods for one in chosen]
    todo = [each for each in wanted if (*each, seed) not in done]
    console.print(f"{len(wanted)} trials, {len(todo)} of them to do now")
    try:
        for number, trial in enumerate(_Methods(seed).all(todo, jobs or os.cpu_count() or 1), start=1):
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(trial)) + "\n")
            name = trial.defect or f"{trial.api}, undamaged"
            console.print(
                f"{number}/{len(todo)}  {trial.method}  {name}  {trial.by or '-'}  {trial.seconds:g} s"
            )
            if trial.by and not trial.defect:
                raise CouldNotTest(f"{trial.method} finds something on the undamaged {trial.api}: {trial.by}")
    except KeyboardInterrupt:
        console.print("interrupted: what was tried so far is kept; the same command goes on from there")
        raise typer.Exit(int(ExitCode.INTERRUPTED)) from None


@app.command()
def report(
    results: Annotated[
        Path, typer.Option("--results", metavar="FILE", help="Where the outcomes are kept.")
    ] = RESULTS,
) -> None:
    """Write the table in docs/detection.md again."""
    text = told(read(results), json.loads(CAUGHT_BY.read_text(encoding="utf-8")))
    PAGE.write_text(put_between(PAGE.read_text(encoding="utf-8"), text, BEGIN), encoding="utf-8")


if __name__ == "__main__":
    command.run(app, "alone")
