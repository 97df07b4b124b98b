"""A mutation is tried on a server of its own, of which nothing is left, whatever comes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.mutation.mutations import Mutation, mutations
from benchmarks.mutation.trying import Stopped, Trier
from earwitness.content import content_root
from tests.cli.runs import LIMIT_S, descendants, end_all, environment, is_over, last_words, until, words_of

SERVER = content_root() / "reference_server"
SUITES = "earwitness.pytest_plugin"


def mutation(file: str, function: str, operator: str) -> Mutation:
    """The first such change to the reference server."""
    found = mutations(file, (SERVER / file).read_text(encoding="utf-8"))
    return next(one for one in found if (one.function, one.operator) == (function, operator))


def servers() -> list[int]:
    """The reference servers that this process has started and that still run."""
    return [
        pid for pid in descendants(os.getpid()) if "-m reference_server" in words_of(pid) and not is_over(pid)
    ]


def test_a_server_that_forgets_to_say_anything_is_noticed() -> None:
    before = (SERVER / "core/hub.py").read_bytes()
    trial = Trier(LIMIT_S).attempt(mutation("core/hub.py", "Hub.say", "drop-call"), "fe16ops", 7)
    assert (trial.outcome, trial.by, trial.api, trial.seed) == ("killed", "delivery-lost", "fe16ops", 7), (
        trial
    )
    assert trial.now == "pass"
    assert (SERVER / "core/hub.py").read_bytes() == before
    assert servers() == []


def test_a_server_that_does_not_come_up_is_stillborn() -> None:
    damaged = replace(mutation("core/hub.py", "Hub.say", "drop-call"), text="raise Nothing(")
    trial = Trier(LIMIT_S).attempt(damaged, "fe16ops", 1)
    assert (trial.outcome, trial.by) == ("stillborn", "")
    assert "SyntaxError" in trial.detail


def test_whose_time_is_over_is_hung_and_ends() -> None:
    trial = Trier(0.1).attempt(mutation("core/hub.py", "Ear.__init__", "constant"), "fe16ops", 1)
    assert (trial.outcome, trial.by) == ("hung", "")
    assert servers() == []


def test_stopping_ends_all_that_runs_and_makes_up_no_outcome() -> None:
    trier = Trier(LIMIT_S)
    with ThreadPoolExecutor(1) as pool:
        trying = pool.submit(trier.attempt, mutation("core/hub.py", "encode", "constant"), "fe16ops", 1)
        assert until(lambda: any(SUITES in words_of(pid) for pid in descendants(os.getpid())))
        trier.stop()
        with pytest.raises(Stopped):
            trying.result(LIMIT_S)
    with pytest.raises(Stopped):
        trier.attempt(mutation("core/hub.py", "encode", "constant"), "fe16ops", 1)
    assert servers() == []


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_command_and_all_that_it_started(asked: signal.Signals, tmp_path: Path) -> None:
    options = ("run", "--api", "fe16ops", "--results", str(tmp_path / "results.jsonl"))
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mutants", *options], cwd=content_root(), env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert until(lambda: any(SUITES in words_of(pid) for pid in descendants(process.pid)))
        started = descendants(process.pid)
        process.send_signal(asked)
        _, said = last_words(process)
    finally:
        end_all(process.pid)
    assert process.returncode == 130, said
    assert "goes on from there" in said
    assert until(lambda: all(map(is_over, started)))
