"""Proves that every check bites: plants each defect in the reference server, and looks who catches it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from rich.console import Console

from earwitness.checks import catalogue
from earwitness.cli.check import new_folder, parts
from earwitness.cli.choose import Choice
from earwitness.cli.proof import Found, Proof, line_of, matrix, record, weigh
from earwitness.cli.suites import Suites
from earwitness.content import api_names, content_root
from earwitness.deployment import PlantedDefect, list_defects
from earwitness.documents import load_documents
from earwitness.errors import EarwitnessError, ExitCode, Problem, UsageError, nearest
from earwitness.report import dumps

# Generated requests take as long as all the rest: they are run for the defects that only they can catch.
_GENERATED_FILE, _GENERATED_CHECK = "contracts/test_http.py", "generated-requests"

# What a load counts, by the check that a defect names which only a load is long enough to show.
_COUNTED = {
    "delivery-lost": "lost",
    "delivery-duplicate": "duplicated",
    "delivery-order": "reordered",
    "delivery-stray": "misdelivered",
    "text-comes-back": "corrupted",
    "event-has-a-cause": "phantom",
}
# Which case caught each defect when somebody last learned it: a proof that begins there takes half the time.
_CAUGHT_BY = Path("reference_server", "defects", "caught-by.json")
_LOAD = ("fan-out", "--listeners", "20", "--rate", "60", "--seconds", "5")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a proof: an API's server, undamaged or with one defect."""

    api: str
    defect: PlantedDefect | None = None

    @property
    def key(self) -> str:
        return self.defect.id if self.defect else self.api


def prove_apis(
    choice: Choice,
    chosen: Sequence[str],
    out: Path | None,
    as_json: bool,
    command: str,
    jobs: int,
    full: bool,
    learn: bool,
) -> ExitCode:
    """Plant every defect of the chosen APIs, or those that ``chosen`` names, one at a time, and print the matrix; returns
    the exit code.

    It fails on a defect that the check it names does not catch, on a check that no defect trips (when all were planted),
    and on a finding on the undamaged server. A run ends when the check has caught its defect, unless ``full``, which shows
    who else notices. Each run begins with the case that caught the defect before; ``learn`` keeps those of this proof for the next one.
    The history of each run is kept below the run's folder. Raises UsageError for an unknown defect.
    """
    console = Console(stderr=True)
    found = [defect for api in choice.apis for defect in list_defects(api, content_root())]
    planted = _chosen(found, chosen)
    folder = new_folder(out, "prove")
    prover = Prover(choice, folder, full)
    runs = [*(Run(api) for api in choice.apis), *(Run(defect.api, defect) for defect in planted)]
    results: dict[str, Found] = {}
    try:
        for run, result in prover.all(runs, jobs):
            results[run.key] = result
            shown = line_of(Proof(run.defect, result)) if run.defect else _undamaged(run.api, result)
            console.print(
                f"{len(results)}/{len(runs)}  {shown}", markup=False, highlight=False, soft_wrap=True
            )
    except KeyboardInterrupt:
        console.print("interrupted: what was proven so far is kept", markup=False, highlight=False)
    proven = weigh(planted, choice.apis, results, () if chosen else _asked_of(choice.apis))
    text = dumps(record(folder.name, command, proven))
    (folder / "results.json").write_text(text, encoding="utf-8")
    if as_json:
        sys.stdout.write(text)
    for line in ("", *matrix(proven), f"results: {folder / 'results.json'}"):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if learn:
        _learn(results)
    return proven.exit_code


def _caught_by() -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads((content_root() / _CAUGHT_BY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return known


def _is_worth_knowing(case: str) -> bool:
    """Whether to begin with ``case`` again. Generated requests find less on a server with nothing on it, so they stay in their place."""
    return bool(case) and not case.startswith(_GENERATED_FILE)


def _learn(results: Mapping[str, Found]) -> None:
    """Keep for the next proof which case caught what."""
    known = _caught_by() | {
        name: found.case for name, found in results.items() if _is_worth_knowing(found.case)
    }
    path = content_root() / _CAUGHT_BY
    try:
        path.write_text(dumps(dict(sorted(known.items()))), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            Problem(
                f"{path} cannot be written: {error.strerror}",
                hint="learn in a checkout, or leave --learn out",
            )
        ) from error


def _asked_of(apis: Sequence[str]) -> list[str]:
    """The checks that some defect of ``apis`` has to trip: all, but for those that are left to the defects of other APIs."""
    left = {
        defect.check for api in api_names() if api not in apis for defect in list_defects(api, content_root())
    }
    return [check for check in catalogue() if check not in left]


def _chosen(found: Sequence[PlantedDefect], names: Sequence[str]) -> list[PlantedDefect]:
    known = {defect.id: defect for defect in found}
    for name in names:
        if name not in known:
            raise UsageError(Problem(f"there is no defect {name!r}", hint=nearest(name, known)))
    return [known[name] for name in dict.fromkeys(names)] or list(found)


def _undamaged(api: str, result: Found) -> str:
    count = sum(map(len, result.causes.values()))
    return f"{'BROKEN' if result.broken else 'FALSE ALARM' if count else 'clean'}  {api}, undamaged"


class Prover:
    """Runs suites and loads, several at a time, and ends them all when it is interrupted."""

    def __init__(self, choice: Choice, folder: Path, full: bool) -> None:
        self._choice, self._folder, self._full = choice, folder, full
        self._caught_by = _caught_by()
        self._lock = Lock()
        self._suites: list[Suites] = []
        self._loads: list[subprocess.Popen[str]] = []
        self._stopped = False

    def all(self, runs: Sequence[Run], jobs: int) -> Iterator[tuple[Run, Found]]:
        """Each run and what it found, as they end. What was missed, or could not be done, is run once more, by itself when the others are
        done: a race shows or not, and a machine that is busy is late."""
        missed: list[Run] = []
        for run, found in self._side_by_side(runs, jobs):
            if self._is_to_be_run_again(run, found):
                missed.append(run)
            else:
                yield run, found
        for run in missed:
            for again, found in self._side_by_side([run], 1, tries=2):
                yield again, replace(found, tries=2)

    def _is_to_be_run_again(self, run: Run, found: Found) -> bool:
        if self._stopped:
            return False
        return bool(found.broken) or (
            run.defect is not None and not run.defect.missed_because and run.defect.check not in found.causes
        )

    def _side_by_side(self, runs: Sequence[Run], jobs: int, tries: int = 1) -> Iterator[tuple[Run, Found]]:
        with ThreadPoolExecutor(jobs) as pool:
            under_way = {pool.submit(self._one, run, tries): run for run in runs}
            try:
                for future in as_completed(under_way):
                    yield under_way[future], future.result()
            except BaseException:
                for future in under_way:
                    future.cancel()
                self._stop()
                raise

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            for suites in self._suites:
                suites.stop()
            for load in self._loads:
                load.send_signal(signal.SIGINT)

    def _one(self, run: Run, tries: int) -> Found:
        name = run.defect.id if run.defect else f"{run.api}-undamaged"
        folder = self._folder / (name if tries == 1 else f"{name}-again")
        try:
            if run.defect is not None and run.defect.load_only:
                return self._load(run.defect, folder)
            folder.mkdir()
            return self._check(run, folder)
        except EarwitnessError as error:
            return Found({}, broken=str(error))

    def _check(self, run: Run, folder: Path) -> Found:
        defect = run.defect
        planted = replace(self._choice, apis=(run.api,), defects=(defect.id,) if defect else ())
        generated = defect is None or defect.check == _GENERATED_CHECK
        with self._lock:
            if self._stopped:
                return Found({}, broken="interrupted")
            suites = Suites(
                planted, run.api, "", folder, without=() if generated else (_GENERATED_FILE,),
                until="" if self._full or defect is None else defect.check,
                first=self._first(defect),
            )  # fmt: skip
            self._suites.append(suites)
        suites.wait(lambda: None)
        histories = parts(folder)
        if not histories:
            return Found({}, broken=suites.last_words)
        verdict = load_documents(run.api).judge(histories[0])
        causes: dict[str, tuple[str, ...]] = {}
        for finding in verdict.findings:
            causes[finding.check] = tuple(dict.fromkeys((*causes.get(finding.check, ()), finding.cause)))
        case = next((f.case for f in verdict.findings if defect and f.check == defect.check), "")
        return Found(causes, tuple(item.id for item in verdict.items if item.verdict == "fail"), case=case)

    def _first(self, defect: PlantedDefect | None) -> tuple[str, ...]:
        """Where to begin: with the case that caught the defect before, and what covers its checklist items."""
        if defect is None:
            return ()
        before = self._caught_by.get(defect.id)
        return (*([before] if before else []), *(f"{defect.api}:{item}" for item in defect.items))

    def _load(self, defect: PlantedDefect, folder: Path) -> Found:
        """Load the server with ``defect`` in it; what its audit counts besides what was heard as it should be."""
        command = [
            sys.executable, "-P", "-m", "earwitness", "load", *_LOAD, "--api", defect.api, "--defect", defect.id, "--out",
            str(folder),
        ]  # fmt: skip
        with self._lock:
            if self._stopped:
                return Found({}, broken="interrupted")
            load = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                start_new_session=True,
            )  # fmt: skip
            self._loads.append(load)
        _, words = load.communicate()
        try:
            audit = json.loads((folder / "results.json").read_text(encoding="utf-8"))["load"]["audit"]
        except (OSError, ValueError, KeyError):
            return Found({}, broken=words.strip() or "the load left no results")
        return Found({check: (count,) for check, count in _COUNTED.items() if audit[count]})


def default_jobs() -> int:
    """How many runs at once: one for each core."""
    return os.cpu_count() or 1
