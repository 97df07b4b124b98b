"""What came of each mutation that was tried, as lines of a file that a run adds to and goes on from; and what a person said of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from earwitness.errors import UsageError

Outcome = Literal["killed", "survived", "stillborn", "hung"]
Kind = Literal["equivalent", "out-of-reach", "hole"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutation tried on one API.

    ``seed`` chose it, ``blob`` is what git calls the module it was made in; ``by`` is the check that found something first
    ("" unless killed), ``seconds`` how long that took, ``generated`` whether generated requests were needed, or tried in vain;
    ``was`` and ``now`` are the lines it changed, ``detail`` is for people.
    """

    id: str
    api: str
    seed: int
    blob: str
    outcome: Outcome
    by: str
    seconds: float
    generated: bool
    date: str
    was: str
    now: str
    detail: str = ""

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What makes it the same trial again."""
        return self.id, self.api, self.seed, self.blob

    @property
    def name(self) -> str:
        """What an explanation calls it: what no client of one API can see, one of another may."""
        return f"{self.id}@{self.api}"

    @property
    def file(self) -> str:
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a mutation survives on an API: nothing that its clients can see is changed (``equivalent``), or only what no black box
    can provoke or nobody has promised (``out-of-reach``), or a check is missing (``hole``)."""

    kind: Kind
    why: str


def git_blob(content: bytes) -> str:
    """What git calls a file with ``content``, shortened as it does."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()[:12]


def read_trials(path: Path) -> tuple[Trial, ...]:
    """The trials in the file ``path``, none where there is no file; of the same one done twice, the later.

    A last line that was cut off is left out: its trial was not recorded, and is done again. Raises UsageError for other lines
    that are no trial.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    found: dict[tuple[str, str, int, str], Trial] = {}
    for number, line in enumerate(lines, start=1):
        if not line.endswith("\n"):
            continue
        try:
            trial = Trial(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise UsageError(f"{path}:{number}: this is no trial of a mutation: {error}") from error
        found[trial.key] = trial
    return tuple(found.values())


def add_trial(path: Path, trial: Trial) -> None:
    """Add ``trial`` to the file ``path``, mending a last line that was cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        file.seek(0)
        there = file.read()
        whole = there.rfind(b"\n") + 1
        if whole < len(there):
            file.truncate(whole)
        file.write(json.dumps(asdict(trial), ensure_ascii=False).encode() + b"\n")


def read_explanations(path: Path) -> Mapping[str, Explanation]:
    """What the file ``path`` says of survivors, by `Trial.name`. Raises UsageError for what is no explanation."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: {error}") from error
    found = {}
    for name, one in (said or {}).items():
        if not isinstance(one, dict) or set(one) != {"kind", "why"} or one["kind"] not in get_args(Kind):
            raise UsageError(f"{path}: {name}: expected `kind` ({', '.join(get_args(Kind))}) and `why`")
        found[str(name)] = Explanation(one["kind"], " ".join(str(one["why"]).split()))
    return found


def latest(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Of each mutation on each API the trial that was done last, whatever its seed and the version of the file."""
    return tuple({trial.name: trial for trial in trials}.values())


def undone(
    keys: Iterable[tuple[str, str, int, str]], done: Iterable[Trial]
) -> frozenset[tuple[str, str, int, str]]:
    """Which trials are still to be done."""
    return frozenset(keys) - {trial.key for trial in done}
