"""Finds out how much a deployment can take: runs loads, each a trial, until the search for capacity has its answer."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from earwitness.cli.check import new_folder
from earwitness.cli.load import LoadChoice, measure, place_of, profile_of, report_load
from earwitness.deployment import Deployment
from earwitness.documents import load_documents
from earwitness.errors import ExitCode, Problem, RefusedByPolicy, UsageError, nearest
from earwitness.load.capacity import (
    CONFIRM,
    GROWS,
    HELD,
    LISTENERS,
    LONGER,
    RATE,
    SOCKETS,
    UP_TO,
    Answer,
    Next,
    Search,
    Trial,
    proceed,
)
from earwitness.load.cost import Cost, cost_of
from earwitness.load.profile import MOST_MESSAGES, Profile
from earwitness.load.setting import setting_of
from earwitness.load.trial import capacity_record, line, trial_of
from earwitness.redact import Redactor
from earwitness.report import LoadResult

# How long a trial sends, where nobody says otherwise, and how far a search goes.
_TRIAL_S: Final = 10.0
_TIMES: Final = 100
# Descriptors that a process needs for itself, the least that Locust raises its own limit to, and the ports to one address.
_OWN: Final = 60
_LOCUSTS: Final = 10_000
_PORTS: Final = 28_000


def find_capacity(
    choice: LoadChoice, grows: str, up_to: float | None, out: Path | None, as_json: bool, command: str
) -> ExitCode:
    """Find the highest rate, or the largest audience, that keeps the profile's service levels, and write the report of that; returns the
    exit code. ``up_to`` is where the search ends, a hundred times the profile's own where nobody says.

    Raises UsageError and RefusedByPolicy before anything is started.
    """
    if grows not in GROWS:
        raise UsageError(
            Problem(f"--capacity {grows!r}", expected=" or ".join(GROWS), hint=nearest(grows, GROWS))
        )
    console = Console(stderr=True)
    profile = profile_of(choice)
    choice = replace(choice, seconds=choice.seconds or min(profile.seconds, _TRIAL_S))
    profile = profile_of(choice)
    api, deployment = place_of(choice, profile, console)
    search = _search(choice, grows, profile, api, deployment, up_to)
    folder = new_folder(out, f"capacity-{profile.name}")
    redactor = Redactor()
    _say(console, *_beforehand(search, profile, api))
    load = _Trials(choice, search, api, folder, console, command, redactor).run()
    return report_load(load, folder, as_json, command, redactor, console)


def _search(
    choice: LoadChoice,
    grows: str,
    profile: Profile,
    api: str,
    deployment: Deployment | None,
    up_to: float | None,
) -> Search:
    documents = load_documents(api)
    setting = setting_of(documents.spec, documents.binding, profile)

    def cost(value: float, seconds: float) -> Cost:
        return cost_of(profile_of(_with(choice, grows, value, seconds)), setting)

    start = profile.rate if grows == RATE else float(profile.listeners)
    if up_to is not None and up_to < start:
        raise UsageError(
            Problem(
                f"--up-to {up_to:g} is below what the search begins with, {start:g}",
                expected=f"{start:g} or more",
                hint=f"begin with less: --{grows} N",
            )
        )
    cost(start, LONGER * profile.seconds)  # what is too much of a load is told now
    budget = None
    if deployment is not None and deployment.foreign:
        theirs = deployment.budget
        budget = Cost(theirs.sockets, theirs.messages, theirs.requests, theirs.seconds)
        if problems := cost(start, profile.seconds).problems(budget, deployment.name):
            raise RefusedByPolicy(*problems)
    most, limit = up_to or _TIMES * start, UP_TO
    if grows == LISTENERS:
        there = _sockets(choice.processes, is_server_ours=not (choice.url or deployment))
        there -= int(cost(start, profile.seconds).sockets - start)
        if there < most:
            most, limit = float(max(there, int(start))), SOCKETS
        least = float(profile.rooms * profile.senders)
    else:
        # Two messages in a trial; fewer would have no second to be compared with.
        least = min(start, 2 / profile.seconds)
        # What no load may have, be it as long as those that confirm.
        most = max(start, min(most, MOST_MESSAGES / (LONGER * profile.seconds)))
    most = float(int(most)) if grows == LISTENERS else most
    return Search(grows, start, least, most, limit, profile.seconds, budget=budget, cost=cost)


def _sockets(processes: int, *, is_server_ours: bool) -> int:
    """How many sockets so many processes of ours can have open, and one server if it is on this machine, to one address."""
    soft, hard = (
        _PORTS if most == resource.RLIM_INFINITY else most
        for most in resource.getrlimit(resource.RLIMIT_NOFILE)
    )
    ears = processes * (max(soft, min(hard, _LOCUSTS)) - _OWN)
    return min(_PORTS, ears, hard - _OWN if is_server_ours else ears)


def _with(choice: LoadChoice, grows: str, value: float, seconds: float) -> LoadChoice:
    if grows == RATE:
        return replace(choice, rate=value, seconds=seconds)
    return replace(choice, listeners=int(value), seconds=seconds)


def _beforehand(search: Search, profile: Profile, api: str) -> tuple[str, str]:
    what = "the highest rate" if search.grows == RATE else "the largest audience"
    fixed = (
        f"{profile.listeners} listeners" if search.grows == RATE else f"{profile.rate:g} messages a second"
    )
    return (
        f"capacity of {api}: {what} for {fixed} that keeps the service levels of {profile.name}, from {search.start:g} up to {search.most:g}",
        f"  at most {search.trials} trials of {search.trial_s:g} s each, {search.lasts(CONFIRM):g} s for those that confirm; none begins after {search.most_s / 60:.0f} minutes",
    )


class _Trials:
    """The trials of one search."""

    def __init__(
        self,
        choice: LoadChoice,
        search: Search,
        api: str,
        folder: Path,
        console: Console,
        command: str,
        redactor: Redactor,
    ) -> None:
        self._choice, self._search, self._api = choice, search, api
        self._folder, self._console, self._command, self._redactor = folder, console, command, redactor
        self._trials: list[Trial] = []
        self._loads: list[LoadResult] = []

    def run(self) -> LoadResult:
        """Try until there is an answer; the load that comes of it has the figures of the trial that shows best what was found."""
        try:
            while isinstance(found := proceed(self._search, self._trials), Next):
                self._try(found)
        except KeyboardInterrupt:
            found = proceed(self._search, self._trials, interrupted=True)
        assert isinstance(found, Answer)
        answer = found
        _say(self._console, f"capacity: {answer.sentence}")
        if not self._loads:
            told = {"api": self._api, "profile": self._choice.profile, "reason": answer.sentence}
            return LoadResult(told, answer.exit_code, self._command)
        shown = self._shown(answer)
        record: dict[str, Any] = dict(shown.record)
        if shown.measured:
            record["capacity"] = capacity_record(self._search, self._trials, answer)
        return LoadResult(record, answer.exit_code, self._command)

    def _try(self, wanted: Next) -> None:
        choice = _with(self._choice, self._search.grows, wanted.value, self._search.lasts(wanted.role))
        begun = time.monotonic()
        load, lines = measure(
            choice, profile_of(choice), self._api, self._folder, self._console, self._command, self._redactor
        )
        trial = trial_of(wanted, load.record, load.code, time.monotonic() - begun)
        self._loads.append(load)
        self._trials.append(trial)
        _say(self._console, line(self._search, len(self._trials), trial))
        if not load.measured:
            _say(self._console, *lines)
        elif trial.reason:
            _say(self._console, *str(load.record["reason"]).splitlines()[1:])

    def _shown(self, answer: Answer) -> LoadResult:
        """The last trial at what holds; where nothing does, the last one that has figures."""
        both = list(zip(self._trials, self._loads, strict=True))
        of_answer = [load for trial, load in both if trial.value == answer.holds and trial.verdict == HELD]
        measured = [load for load in self._loads if load.measured]
        return (of_answer or measured or self._loads)[-1]


def _say(console: Console, *lines: str) -> None:
    for each in lines:
        console.print(each, markup=False, highlight=False, soft_wrap=True)
