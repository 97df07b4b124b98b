"""What planting defects proves: which are caught by the check they name, which checks nothing trips; pure, and as lines to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from earwitness.deployment import PlantedDefect
from earwitness.errors import ExitCode
from earwitness.history import Json
from earwitness.report import run_verdict


@dataclass(frozen=True, slots=True)
class Found:
    """What a run on one server found: the causes of its findings by check, and the checklist items that it turned red.

    ``case`` is the case in which the check was tripped that had to be, "" for none; ``broken`` says why the run could not be done, ""
    when it could; ``tries`` is how many runs it took.
    """

    causes: Mapping[str, tuple[str, ...]]
    red: tuple[str, ...] = ()
    broken: str = ""
    case: str = ""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """One defect, and what was found when it was planted."""

    defect: PlantedDefect
    found: Found

    @property
    def caught(self) -> bool:
        """Whether the check that the defect names found something."""
        return self.defect.check in self.found.causes

    @property
    def word(self) -> str:
        if self.caught:
            return "caught" if self.found.tries == 1 else "caught at the second try"
        return "BROKEN" if self.found.broken else "known miss" if self.defect.missed_because else "MISSED"


@dataclass(frozen=True, slots=True)
class Proven:
    """The proofs, what the undamaged servers were blamed for, and the checks that no defect has tripped.

    ``missing`` names the runs that were not done any more, because the proof was interrupted.
    """

    proofs: tuple[Proof, ...]
    undamaged: Mapping[str, Found]
    untripped: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def false_alarms(self) -> tuple[str, ...]:
        """The causes of all that was found on undamaged servers."""
        return tuple(
            f"{api}: {cause}"
            for api, found in self.undamaged.items()
            for causes in found.causes.values()
            for cause in causes
        )

    @property
    def broken(self) -> tuple[str, ...]:
        """Why runs could not be done."""
        named = [(proof.defect.id, proof.found) for proof in self.proofs] + list(self.undamaged.items())
        return tuple(f"{name}: {found.broken}" for name, found in named if found.broken)

    @property
    def exit_code(self) -> ExitCode:
        if self.missing:
            return ExitCode.INTERRUPTED
        if self.broken:
            return ExitCode.COULD_NOT_TEST
        caught = all(proof.caught or proof.defect.missed_because for proof in self.proofs)
        holds = caught and not self.false_alarms and not self.untripped
        return ExitCode.PASSED if holds else ExitCode.FAILED


def weigh(
    planted: Iterable[PlantedDefect],
    undamaged: Iterable[str],
    found: Mapping[str, Found],
    checks: Iterable[str],
) -> Proven:
    """What the runs prove.

    ``found`` is by the defect's id, and by the API for the undamaged servers; what is not in it was not run. ``checks`` are
    those that some defect has to trip.
    """
    wanted = tuple(planted)
    proofs = tuple(Proof(defect, found[defect.id]) for defect in wanted if defect.id in found)
    tripped = {check for proof in proofs for check in proof.found.causes}
    apis = tuple(undamaged)
    missing = tuple(name for name in (*apis, *(defect.id for defect in wanted)) if name not in found)
    return Proven(
        proofs,
        {api: found[api] for api in apis if api in found},
        tuple(check for check in checks if check not in tripped),
        missing,
    )


def line_of(proof: Proof, width: int = 0) -> str:
    """One defect's row of the matrix: whether its check caught it, and which others found something."""
    others = ", ".join(check for check in sorted(proof.found.causes) if check != proof.defect.check)
    also = f"  (also {others})" if others else ""
    return f"{proof.word}  {proof.defect.id:<{width}}  {proof.defect.check}{also}"


def matrix(proven: Proven) -> Iterator[str]:
    """The matrix of defects and checks, what stands against it, and the sum."""
    width = max((len(proof.defect.id) for proof in proven.proofs), default=0)
    for proof in proven.proofs:
        yield line_of(proof, width)
    for proof in proven.proofs:
        if not proof.caught:
            why = f" Missed because {proof.defect.missed_because}." if proof.defect.missed_because else ""
            yield f"{proof.word}  {proof.defect.id} (clause {proof.defect.clause}): {proof.defect.sentence}{why}"
    for alarm in proven.false_alarms:
        yield f"FALSE ALARM  {alarm}"
    for check in () if proven.missing else proven.untripped:
        yield f"UNPROVEN  {check}: no defect trips it"
    for broken in proven.broken:
        yield f"BROKEN  {broken}"
    if proven.missing:
        yield f"NOT RUN  {len(proven.missing)}: {', '.join(proven.missing)}"
    caught = sum(proof.caught for proof in proven.proofs)
    word = {ExitCode.PASSED: "PROVEN", ExitCode.INTERRUPTED: "INTERRUPTED"}.get(
        proven.exit_code, "NOT PROVEN"
    )
    untripped = (
        "" if proven.missing else f"{_number(len(proven.untripped), 'check')} that none of them trips, "
    )
    yield (
        f"{word}: {caught} of {_number(len(proven.proofs), 'defect')} caught by the check they name, {untripped}"
        f"{_number(len(proven.false_alarms), 'false alarm')}; exit {int(proven.exit_code)}"
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def record(run: str, command: str, proven: Proven) -> dict[str, Json]:
    """What results.json holds of a proof."""
    return {
        "run": run,
        "command": command,
        "verdict": run_verdict(int(proven.exit_code)),
        "exit_code": int(proven.exit_code),
        "apis": [],
        "defects": [_defect(proof) for proof in proven.proofs],
        "false_alarms": list(proven.false_alarms),
        "untripped": [] if proven.missing else list(proven.untripped),
        "not_run": list(proven.missing),
    }


def _defect(proof: Proof) -> dict[str, Json]:
    by: Sequence[str] = sorted(proof.found.causes)
    return {
        "id": proof.defect.id,
        "api": proof.defect.api,
        "check": proof.defect.check,
        "caught": proof.caught,
        "by": list(by),
        "clause": proof.defect.clause,
        "sentence": proof.defect.sentence,
        "items": list(proof.found.red),
        "case": proof.found.case,
        "tries": proof.found.tries,
        "missed_because": "" if proof.caught else proof.defect.missed_because,
        "broken": proof.found.broken,
    }
