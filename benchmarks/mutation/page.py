"""Tells what the trials came to, as the tables of docs/detection.md; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.mutation.records import Explanation, Trial

BEGIN = "<!-- made by `python -m benchmarks.mutants report`; change what stands outside -->"
END = "<!-- end of what is made -->"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the trials of some mutations ended."""

    tried: int
    stillborn: int
    equivalent: int
    killed: int
    hung: int
    survived: int

    @property
    def rate(self) -> str:
        """The share that was noticed of all that could be, in whole per cent; "" when there was none."""
        counted = self.tried - self.stillborn - self.equivalent
        return f"{100 * (self.killed + self.hung) / counted:.0f} %" if counted else ""


def tally(trials: Iterable[Trial], explained: Mapping[str, Explanation]) -> Tally:
    """Count ``trials``; what ``explained`` calls equivalent counts apart, and only while it survives."""
    trials = tuple(trials)
    count = Counter(trial.outcome for trial in trials)
    equivalent = sum(
        trial.outcome == "survived" and _kind(trial, explained) == "equivalent" for trial in trials
    )
    return Tally(
        len(trials), count["stillborn"], equivalent, count["killed"], count["hung"], count["survived"] - equivalent
    )  # fmt: skip


def told(trials: Sequence[Trial], explained: Mapping[str, Explanation]) -> str:
    """The part of the page that follows from the trials: what was tried and when, how much was noticed, by whom, and what was not."""
    return "\n".join(
        [*_head(trials), *_figures(trials, explained), *_catchers(trials), *_survivors(trials, explained)]
    )


def put_into(page: str, text: str) -> str:
    """``page`` with ``text`` between its two marks. Raises ValueError when they are not there."""
    return put_between(page, text, BEGIN)


def put_between(page: str, text: str, mark: str) -> str:
    """``page`` with ``text`` between ``mark`` and the END that follows it. Raises ValueError when they are not there."""
    before, begin, rest = page.partition(mark)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {mark!r} followed by {END!r}")
    return f"{before}{mark}\n\n{text}\n{END}{after}"


def _kind(trial: Trial, explained: Mapping[str, Explanation]) -> str:
    return explained[trial.name].kind if trial.name in explained else ""


def _head(trials: Sequence[Trial]) -> Iterator[str]:
    if not trials:
        yield "Nothing was tried yet."
        return
    days = sorted({trial.date for trial in trials})
    seeds = sorted({trial.seed for trial in trials})
    drawn = f"seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))}"
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    yield f"Tried {when}, {drawn}: {len(trials)} mutations."
    yield ""


def _figures(trials: Sequence[Trial], explained: Mapping[str, Explanation]) -> Iterator[str]:
    heads: tuple[tuple[str, Callable[[Trial], str]], ...] = (
        ("API", lambda trial: trial.api),
        ("file", lambda trial: trial.file),
        ("change", lambda trial: trial.id.split(":")[3]),
    )
    for head, of in heads:
        yield from _table(head, "tried", "stillborn", "equivalent", "killed", "hung", "survived", "kill rate")
        for value in sorted({of(trial) for trial in trials}):
            yield _row(f"`{value}`", tally([t for t in trials if of(t) == value], explained))
        yield _row("all", tally(trials, explained))
        yield ""


def _row(name: str, count: Tally) -> str:
    numbers = (count.tried, count.stillborn, count.equivalent, count.killed, count.hung, count.survived)
    return _cells(name, *map(str, numbers), count.rate)


def _catchers(trials: Sequence[Trial]) -> Iterator[str]:
    killed = [trial for trial in trials if trial.outcome == "killed"]
    yield from _table("first noticed by", "mutations", "of them by generated requests", "median seconds")
    for check, count in Counter(trial.by for trial in killed).most_common():
        mine = [trial for trial in killed if trial.by == check]
        seconds = sorted(trial.seconds for trial in mine)[len(mine) // 2]
        yield _cells(f"`{check}`", str(count), str(sum(trial.generated for trial in mine)), f"{seconds:.0f}")
    yield ""


def _survivors(trials: Sequence[Trial], explained: Mapping[str, Explanation]) -> Iterator[str]:
    yield from ("### What nobody noticed", "")
    yield from _table("mutation", "API", "was", "became", "that is", "because")
    left = [trial for trial in trials if trial.outcome == "survived"]
    for trial in sorted(left, key=lambda each: (each.file, each.id, each.api)):
        why = explained.get(trial.name)
        kind, because = (why.kind, why.why) if why else ("not looked at yet", "")
        yield _cells(f"`{trial.id}`", trial.api, _code(trial.was), _code(trial.now), kind, because)


def _code(text: str) -> str:
    """A line of code in a cell. A bar would end the cell, a backtick the code."""
    shown = text if len(text) <= 120 else f"{text[:119]}…"
    return f"`` {shown.replace('|', chr(92) + '|')} ``" if shown else ""


def _table(*heads: str) -> Iterator[str]:
    yield _cells(*heads)
    yield "|---" * len(heads) + "|"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
