"""Proves that every check bites: plants each defect in the reference server, and looks who catches it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from earwitness.checks import catalogue
from earwitness.cli.check import new_folder, parts
from earwitness.cli.choose import Choice
from earwitness.cli.suites import Suites
from earwitness.content import content_root
from earwitness.deployment import PlantedDefect, list_defects
from earwitness.documents import load_documents
from earwitness.errors import CouldNotTest, ExitCode
from earwitness.history import Json
from earwitness.report import dumps, run_verdict
from earwitness.verdict import ApiVerdict

# Generated requests take as long as all the rest: they are run for the defects that only they can catch.
_GENERATED_FILE, _GENERATED_CHECK = "contracts/test_http.py", "generated-requests"


@dataclass(frozen=True, slots=True)
class Proof:
    """One defect, and what was found when it was planted: by the check it names (``caught``), and by which checks at all."""

    defect: PlantedDefect
    by: tuple[str, ...]
    red: tuple[str, ...]

    @property
    def caught(self) -> bool:
        return self.defect.check in self.by


@dataclass(frozen=True, slots=True)
class Proven:
    """The proofs of some APIs, what the undamaged servers were blamed for, and the checks that nothing trips."""

    proofs: tuple[Proof, ...]
    false_alarms: tuple[str, ...]
    untripped: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return all(proof.caught for proof in self.proofs) and not self.false_alarms and not self.untripped


def prove_apis(choice: Choice, out: Path | None, as_json: bool, command: str, jobs: int) -> ExitCode:
    """Plant every defect of the chosen APIs, one at a time, and print the matrix; returns the exit code.

    It fails on a defect that the check it names does not catch, on a check that no defect trips, and on a finding on the
    undamaged server. The history of each run is kept below the run's folder.
    """
    console = Console(stderr=True)
    folder = new_folder(out, "prove")
    found = [defect for api in choice.apis for defect in list_defects(api, content_root())]
    planted = [defect for defect in found if not defect.load_only]
    for defect in found:
        if defect.load_only:
            line = f"left out  {defect.id}: only a load is long enough to show it (earwitness load --defect {defect.id})"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    runs: list[tuple[str, PlantedDefect | None]] = [(api, None) for api in choice.apis]
    runs += [(defect.api, defect) for defect in planted]
    verdicts = dict(_all(choice, runs, folder, console, jobs))
    proven = weigh(planted, verdicts, catalogue())
    code = ExitCode.PASSED if proven.holds else ExitCode.FAILED
    record = dumps(_record(folder.name, command, proven, code))
    (folder / "results.json").write_text(record, encoding="utf-8")
    if as_json:
        print(record, end="")
    for line in matrix(proven):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"\nresults: {folder / 'results.json'}", markup=False, highlight=False)
    return code


def _all(
    choice: Choice,
    runs: Sequence[tuple[str, PlantedDefect | None]],
    folder: Path,
    console: Console,
    jobs: int,
) -> Iterator[tuple[str, ApiVerdict]]:
    started: list[Suites] = []
    with ThreadPoolExecutor(jobs) as pool:
        under_way = {
            pool.submit(_one, choice, api, defect, folder, started): (api, defect) for api, defect in runs
        }
        try:
            for done, future in enumerate(as_completed(under_way), start=1):
                api, defect = under_way[future]
                name = defect.id if defect else f"{api}, undamaged"
                yield defect.id if defect else api, future.result()
                console.print(f"{done}/{len(runs)}  {name}", markup=False, highlight=False)
        except BaseException:
            for future in under_way:
                future.cancel()
            for suites in started:
                suites.stop()
            raise


def _one(
    choice: Choice, api: str, defect: PlantedDefect | None, folder: Path, started: list[Suites]
) -> ApiVerdict:
    own = folder / (defect.id if defect else f"{api}-undamaged")
    own.mkdir()
    planted = replace(choice, apis=(api,), defects=(defect.id,) if defect else ())
    generated = defect is None or defect.check == _GENERATED_CHECK
    suites = Suites(planted, api, "", own, without=() if generated else (_GENERATED_FILE,))
    started.append(suites)
    suites.wait(lambda: None)
    histories = parts(own)
    if not histories:
        raise CouldNotTest(f"{own.name} could not be run:\n{suites.last_words}")
    return load_documents(api).judge(histories[0])


def weigh(
    planted: Iterable[PlantedDefect], verdicts: Mapping[str, ApiVerdict], checks: Iterable[str]
) -> Proven:
    """What the runs prove; ``verdicts`` are by defect, and by API for the undamaged servers."""
    proofs = []
    for defect in planted:
        verdict = verdicts[defect.id]
        by = tuple(sorted({finding.check for finding in verdict.findings}))
        red = tuple(item.id for item in verdict.items if item.verdict == "fail")
        proofs.append(Proof(defect, by, red))
    damaged = {proof.defect.id for proof in proofs}
    false_alarms = tuple(
        f"{api}: {finding.cause}"
        for api, verdict in verdicts.items()
        if api not in damaged
        for finding in verdict.findings
    )
    tripped = {check for proof in proofs for check in proof.by}
    return Proven(tuple(proofs), false_alarms, tuple(check for check in checks if check not in tripped))


def matrix(proven: Proven) -> Iterator[str]:
    """The proofs as lines: each defect, whether its check caught it, and which others did."""
    width = max((len(proof.defect.id) for proof in proven.proofs), default=0)
    for proof in proven.proofs:
        others = ", ".join(check for check in proof.by if check != proof.defect.check)
        mark = "caught" if proof.caught else "MISSED"
        yield f"{mark}  {proof.defect.id:<{width}}  {proof.defect.check}{f'  (also {others})' if others else ''}"
    for alarm in proven.false_alarms:
        yield f"FALSE ALARM  {alarm}"
    for check in proven.untripped:
        yield f"UNPROVEN  {check}: no defect trips it"
    caught = sum(proof.caught for proof in proven.proofs)
    verdict = "PROVEN" if proven.holds else "NOT PROVEN"
    yield (
        f"\n{verdict}: {caught} of {len(proven.proofs)} defects caught by the check they name, "
        f"{len(proven.untripped)} checks that none of them trips, {len(proven.false_alarms)} false alarms"
    )


def _record(run: str, command: str, proven: Proven, code: ExitCode) -> dict[str, Json]:
    return {
        "run": run,
        "command": command,
        "verdict": run_verdict(int(code)),
        "exit_code": int(code),
        "apis": [],
        "defects": [
            {
                "id": proof.defect.id,
                "api": proof.defect.api,
                "check": proof.defect.check,
                "caught": proof.caught,
                "by": list(proof.by),
                "clause": proof.defect.clause,
                "items": list(proof.red),
            }
            for proof in proven.proofs
        ],
        "false_alarms": list(proven.false_alarms),
        "untripped": list(proven.untripped),
    }


def default_jobs() -> int:
    """How many runs at once: one for each core."""
    return os.cpu_count() or 1
