"""How much a deployment can take: from the trials so far, which value to try next, or what the search came to. No I/O, no clock.

Values double until one does not hold, or halve until one does; what lies between is bisected until the two are within a tenth; then the
value that held is run again, for longer, since a queue that grows slowly breaks nothing at first. One bad moment decides nothing: a value that did not hold is tried once more before it counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from earwitness.errors import ExitCode
from earwitness.load.cost import Cost

# What can grow.
RATE, LISTENERS = "rate", "listeners"
GROWS: Final = (RATE, LISTENERS)

# Why a value is tried.
GROW, HALVE, BISECT, CONFIRM = "grow", "halve", "bisect", "confirm"

# What came of a trial. It was undecided since the generator was the limit, or for another reason; refused before anything was sent.
HELD, MISSED, GENERATOR, UNDECIDED = "held", "missed", "generator", "undecided"
REFUSED, DIED, INTERRUPTED = "refused", "died", "interrupted"

# What else can end the growth.
SERVER, UP_TO, SOCKETS, BUDGET, TRIALS, TIME = "server", "up-to", "sockets", "budget", "trials", "time"

# How far apart what held and what did not may be in the end, and how often the answer is run again.
WITHIN: Final = 1.1
CONFIRMATIONS: Final = 2
# How many times as long as a trial that is.
LONGER: Final = 3
MOST_TRIALS: Final = 30
# What a trial takes besides its messages at most, as a rule: a server that starts, sockets that open, the drain.
AROUND_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Level:
    """A service level that did not hold: as it is written, what was measured, and whether it was missed or is undecided."""

    slo: str
    measured: float | None
    missed: bool

    def __str__(self) -> str:
        return f"{self.slo} (measured {'nothing' if self.measured is None else format(self.measured, 'g')})"


@dataclass(frozen=True, slots=True)
class Trial:
    """A load at ``value`` that is over: why it was run, what came of it, how long it took, and its figures: delivery in milliseconds,
    messages lost, messages a second, how late the generator woke up (p99, milliseconds), its share of a core, and the share of the time for
    which it was kept from running (``held_up``). ``reason`` is why it did not come to its end."""

    value: float
    role: str
    verdict: str
    exit_code: ExitCode = ExitCode.PASSED
    took_s: float = 0.0
    levels: tuple[Level, ...] = ()
    reason: str = ""
    p50_ms: float | None = None
    p99_ms: float | None = None
    lost: int | None = None
    offered: float | None = None
    achieved: float | None = None
    lag_ms: float | None = None
    cpu: float | None = None
    held_up: float | None = None

    @property
    def why(self) -> str:
        """Why it did not hold."""
        return ", ".join(map(str, self.levels)) or self.reason or self.verdict


@dataclass(frozen=True, slots=True)
class Next:
    """What to try now."""

    value: float
    role: str


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: ``rate`` or ``listeners``, from ``start``, not below ``least`` nor above ``most``, which is what it is because of
    ``limit`` (``up-to`` or ``sockets``). ``cost`` is what a value takes of the deployment for so many seconds and ``budget`` what there is for all of them
    (None: no end). ``trial_s`` is how long a trial sends that confirms nothing."""

    grows: str
    start: float
    least: float
    most: float
    limit: str = UP_TO
    trial_s: float = 10.0
    trials: int = MOST_TRIALS
    budget: Cost | None = None
    cost: Callable[[float, float], Cost] | None = None

    @property
    def most_s(self) -> float:
        """After how many seconds no further trial begins."""
        return self.trials * (self.trial_s + AROUND_S)

    def lasts(self, role: str) -> float:
        """For how many seconds a trial in that role sends."""
        return self.trial_s * (LONGER if role == CONFIRM else 1)

    def told(self, value: float) -> str:
        """``value`` as people say it."""
        unit = {RATE: "message a second", LISTENERS: "listener"}[self.grows]
        many = {RATE: "messages a second", LISTENERS: "listeners"}[self.grows]
        return f"{value:.10g} {unit if value == 1 else many}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search came to: the highest value that ``holds`` (None: none did), the lowest above it that certainly ``fails`` (None: none
    did), by what the search was ``limited_by``, whether what holds was confirmed, and in a sentence."""

    holds: float | None
    fails: float | None
    limited_by: str
    confirmed: bool
    exit_code: ExitCode
    sentence: str


def proceed(search: Search, trials: Sequence[Trial], interrupted: bool = False) -> Next | Answer:
    """What to try after ``trials``, which are in the order in which they were run, or the answer; ``interrupted`` when there is nobody to
    try any more."""
    last = trials[-1] if trials else None
    if interrupted or (last is not None and last.verdict == INTERRUPTED):
        return _answer(search, trials, INTERRUPTED)
    if last is not None and (last.verdict == DIED or _is_gone(trials)):
        return _answer(search, trials, DIED)
    if len(trials) == 1 and last is not None and last.verdict == REFUSED:
        # With less it would most often be refused as well; who asked for it has to mend it.
        return _answer(search, trials, REFUSED)
    barred: set[float] = set()
    while True:
        known = _Known.of(trials, barred)
        wanted = known.open or _further(search, known)
        if wanted is None:
            return _answer(search, trials, "", barred)
        if len(trials) >= search.trials:
            return _answer(search, trials, TRIALS, barred)
        if sum(one.took_s for one in trials) + search.lasts(wanted.role) > search.most_s:
            return _answer(search, trials, TIME, barred)
        if _is_affordable(search, trials, wanted):
            return wanted
        if wanted.role == CONFIRM:
            return _answer(search, trials, BUDGET, barred)
        barred.add(wanted.value)


def _is_gone(trials: Sequence[Trial]) -> bool:
    """Whether the last trial was refused although as much had held before: it was not too much, so nobody is there any more."""
    *before, last = trials
    return last.verdict == REFUSED and any(one.verdict == HELD and one.value >= last.value for one in before)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the trials say: the highest value that holds below all that do not, the lowest that does not, why, and how often what holds was
    confirmed; ``open`` is a value to be tried again."""

    floor: float | None
    ceiling: float | None
    because: str
    confirmed: int
    open: Next | None

    @staticmethod
    def of(trials: Sequence[Trial], barred: Collection[float] = ()) -> _Known:
        runs: dict[float, list[Trial]] = {}
        for one in trials:
            # A trial without an end says nothing of its value, nor does one of a deployment that is gone.
            if one.verdict not in (DIED, INTERRUPTED) and not (one is trials[-1] and _is_gone(trials)):
                runs.setdefault(one.value, []).append(one)
        fails: dict[float, str] = dict.fromkeys(barred, BUDGET)
        holds: list[float] = []
        again = None
        for value, them in runs.items():
            bad = [one for one in them if one.verdict != HELD]
            if value in barred:
                continue
            if len(bad) > 1 or any(one.role == CONFIRM or one.verdict == REFUSED for one in bad):
                # Only what was missed each time was missed beyond doubt.
                fails[value] = next((one.verdict for one in bad if one.verdict != MISSED), MISSED)
            elif len(bad) < len(them):
                holds.append(value)
            else:
                again = Next(value, bad[0].role)
        ceiling = min(fails, default=None)
        floor = max((value for value in holds if ceiling is None or value < ceiling), default=None)
        confirmed = sum(one.role == CONFIRM for one in runs.get(floor, ())) if floor is not None else 0
        return _Known(floor, ceiling, "" if ceiling is None else fails[ceiling], confirmed, again)


def _further(search: Search, known: _Known) -> Next | None:
    """The next value; None where there is nothing left to try."""
    floor, ceiling = known.floor, known.ceiling
    if floor is None and ceiling is None:
        return Next(search.start, GROW)
    if floor is None:
        assert ceiling is not None
        return Next(max(search.least, _grid(search, ceiling / 2)), HALVE) if ceiling > search.least else None
    if ceiling is None:
        if floor < search.most:
            return Next(min(search.most, _grid(search, 2 * floor)), GROW)
    else:
        between = _grid(search, math.sqrt(floor * ceiling))
        if ceiling > WITHIN * floor and floor < between < ceiling:
            return Next(between, BISECT)
    return Next(floor, CONFIRM) if known.confirmed < CONFIRMATIONS else None


def _grid(search: Search, value: float) -> float:
    """The nearest value that people would say: a whole listener, a rate of three digits."""
    return float(round(value)) if search.grows == LISTENERS else float(f"{value:.3g}")


def _is_affordable(search: Search, trials: Sequence[Trial], wanted: Next) -> bool:
    """Whether the budget has room for it after all that was tried; of what is not known to hold, for its confirmation as well."""
    if search.budget is None or search.cost is None:
        return True
    spent = [search.cost(one.value, search.lasts(one.role)) for one in trials if one.verdict != REFUSED]
    roles = (CONFIRM,) if wanted.role == CONFIRM else (wanted.role, *(CONFIRM,) * CONFIRMATIONS)
    new = [search.cost(wanted.value, search.lasts(role)) for role in roles]
    whole = Cost(
        max(one.sockets for one in new),
        sum(one.messages for one in (*spent, *new)),
        sum(one.requests for one in (*spent, *new)),
        sum(one.took_s for one in trials) + sum(one.seconds for one in new),
    )
    return not any(whole.beyond(search.budget))


def _answer(search: Search, trials: Sequence[Trial], cut: str, barred: Collection[float] = ()) -> Answer:
    """The answer where nothing is left to try, or what there is where the search was ``cut`` short."""
    known = _Known.of(trials, barred)
    holds, confirmed = known.floor, known.confirmed >= CONFIRMATIONS
    limited_by = cut or {"": search.limit, MISSED: SERVER}.get(known.because, known.because)
    fails = known.ceiling if known.because == MISSED else None
    code = _code(trials, known, limited_by, confirmed)
    return Answer(holds, fails, limited_by, confirmed, code, _sentence(search, trials, known, limited_by))


def _code(trials: Sequence[Trial], known: _Known, limited_by: str, confirmed: bool) -> ExitCode:
    ends: Mapping[str, ExitCode] = {
        INTERRUPTED: ExitCode.INTERRUPTED,
        DIED: ExitCode.COULD_NOT_TEST,
        **dict.fromkeys((GENERATOR, UNDECIDED, TRIALS, TIME), ExitCode.INCONCLUSIVE),
    }
    if known.floor is not None:
        return ends.get(limited_by, ExitCode.PASSED if confirmed else ExitCode.INCONCLUSIVE)
    if limited_by in (INTERRUPTED, DIED):
        return ends[limited_by]
    if not trials:
        return ExitCode.REFUSED
    lowest = [one for one in trials if one.value == min(each.value for each in trials)]
    if lowest[-1].verdict == REFUSED:
        return lowest[-1].exit_code
    return ExitCode.BREACHED if {one.verdict for one in lowest} == {MISSED} else ExitCode.INCONCLUSIVE


def _sentence(search: Search, trials: Sequence[Trial], known: _Known, limited_by: str) -> str:
    if known.floor is None:
        return _nothing(search, trials, limited_by)
    holds = search.told(known.floor)
    beyond = "" if known.ceiling is None else search.told(known.ceiling)
    why = next((one.why for one in trials if one.value == known.ceiling and one.verdict != HELD), "")
    last = trials[-1]
    said = {
        SERVER: f"every service level holds at {holds}, and not at {beyond}: {why}",
        GENERATOR: f"at least {holds}; beyond it, at {beyond}, the generator was the limit and not the server",
        UNDECIDED: f"at least {holds}; {beyond} could not be judged: {why}",
        REFUSED: f"at least {holds}; {beyond} could not be tried: {why}",
        BUDGET: f"at least {holds}, which is what the deployment's budget has room for",
        UP_TO: f"at least {holds}, where the search ends (--up-to)",
        SOCKETS: f"at least {holds}; this machine can open no more sockets for it (ulimit -n, or ports)",
        TRIALS: f"at least {holds}; the search ended there, after {len(trials)} trials",
        TIME: f"at least {holds}; the search ended there, after {search.most_s:.0f} seconds",
        DIED: f"at least {holds}; at {search.told(last.value)} the deployment could not be tested any more: {last.why}",
        INTERRUPTED: f"interrupted after {_times(trials)}: at least {holds} so far",
    }[limited_by]
    if known.confirmed >= CONFIRMATIONS:
        return f"{said}. Confirmed: it was run {CONFIRMATIONS} times more, for {search.lasts(CONFIRM):g} s each, and held"
    return f"{said}. Not confirmed"


def _nothing(search: Search, trials: Sequence[Trial], limited_by: str) -> str:
    if limited_by == INTERRUPTED:
        return f"interrupted after {_times(trials)}: nothing had held yet"
    if not trials:
        return "the deployment's budget has no room for a search"
    lowest = min(trials, key=lambda one: one.value)
    at, why = search.told(lowest.value), lowest.why
    if limited_by == DIED:
        return f"at {search.told(trials[-1].value)} the deployment could not be tested: {trials[-1].why}"
    if lowest.verdict == REFUSED:
        return f"{at} could not be tried: {why}"
    ends = {
        TRIALS: ", and the trials were over",
        TIME: ", and the time was over",
        BUDGET: ", and the budget was spent",
    }
    return f"nothing that was tried keeps every service level, not even {at}: {why}{ends.get(limited_by, '')}"


def _times(trials: Sequence[Trial]) -> str:
    return f"{len(trials)} trial{'' if len(trials) == 1 else 's'}"
