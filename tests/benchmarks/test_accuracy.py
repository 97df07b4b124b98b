"""The benchmark of accuracy: what was planned is sent and noted, what was said is held against it, and a page says what holds."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks import accuracy
from benchmarks.accuracy import Figure, Rate, Run, app, claims, compiled, page, run_of
from benchmarks.hearing.exact import LEAST_MS, MOST_MS, Heard, heard, plan
from benchmarks.hearing.stage import Client, Failed, python

OURS = Client("bank", python("ours"), ("bank",))


def test_a_plan_delays_every_frame_and_none_overtakes_another() -> None:
    made = plan(7, 100.0, 30, 1)
    assert len(made.sends) == 7 * 30
    assert [at for at, _, _ in made.sends] == sorted(at for at, _, _ in made.sends)
    for which in range(7):
        theirs = [(at, number) for at, number, socket in made.sends if socket == which]
        assert [number for _, number in theirs] == list(range(1, 31))
        assert all(before < after for (before, _), (after, _) in pairwise(theirs))
        for at, number in theirs:
            assert made.dues[number - 1] + LEAST_MS * 1e6 <= at
    assert max(at - made.dues[number - 1] for at, number, _ in made.sends) <= 2 * MOST_MS * 1e6
    assert made == plan(7, 100.0, 30, 1) != plan(7, 100.0, 30, 2)


def test_what_is_planned_is_sent_then_heard_and_noted(tmp_path: Path) -> None:
    speaker = compiled(tmp_path)
    if speaker is None:
        assert "no C compiler" in CliRunner().invoke(app, ["--runs", "1"]).output
        return
    made = plan(5, 50.0, 20, 1)
    told = heard(OURS, speaker, 5, made, None)
    planned = [(at - made.dues[number - 1]) / 1e6 for at, number, _ in made.sends]
    # Never before it is time, whatever the machine is busy with; and when it was noted, it was not heard yet.
    assert all(true >= due for true, due in zip(told.true_ms, planned, strict=True))
    assert told.over["frames"] == 100
    found = run_of(told, 1.0)
    assert found.p50.true <= found.p50.said and found.p99.true <= found.p99.said
    # Where there are so few sockets, all have stamps.
    assert found.sampled == 100
    assert found.error > 0


def test_a_plan_that_begins_before_it_was_read_is_refused(tmp_path: Path) -> None:
    speaker = compiled(tmp_path)
    if speaker is not None:
        (tmp_path / "plan").write_bytes((1).to_bytes(8, "little") + bytes(16))
        done = subprocess.run([speaker, tmp_path / "plan"], capture_output=True, check=False)
        assert done.returncode == 3 and b"begins before" in done.stderr


def test_the_program_that_speaks_compiles_without_a_warning(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    source = Path(accuracy.__file__).parent / "speaker.c"
    assert source.is_file()
    if compiler is not None:
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", tmp_path / "speaker", source], check=True
        )


def told(**changes: Any) -> Heard:
    over = {
        "wrong": 0, "p50_ms": 2.5, "p99_ms": 9.9, "self_lag_ms": {"p50": 0.1, "p99": 0.9}, "at_least_ms": {"p50": 1.7, "p99": 8.8},
        "mean_ms": 3.0, "self_lag_mean_ms": 0.4, "self_lag_of": 40, "bounds": 2, "cpu_s": 0.5,
    }  # fmt: skip
    return Heard(over | changes, [float(n) / 10 for n in range(1, 101)])


def test_a_run_is_held_against_the_truth() -> None:
    found = run_of(told(), 2.0)
    # Of a hundred from 0.1 to 10 ms, fifty are no longer than 5, and 99 no longer than 9.9.
    assert (found.p50.true, found.p99.true) == (5.0, 9.9)
    assert found.error == pytest.approx(3.0 - 5.05)
    assert found.cpu == 0.25
    # It cannot have been longer than was said.
    assert not found.p50.is_within and found.p99.is_within
    # A histogram says 9.9 for 9.93.
    assert Figure(9.9, 9.93, 8.0, 0.9).is_within and not Figure(9.9, 9.95, 8.0, 0.9).is_within
    with pytest.raises(Failed, match="3 frames"):
        run_of(told(wrong=3), 2.0)


@pytest.mark.parametrize(
    ("said", "true", "is_near"),
    [(5.9, 5.0, True), (6.1, 5.0, False), (54.0, 50.0, True), (56.0, 50.0, False)],
)
def test_near_is_within_a_tenth_or_a_millisecond(said: float, true: float, is_near: bool) -> None:
    assert Figure(said, true, 0.0, 1.0).is_near is is_near


FIGURE = Figure(5.5, 5.0, 4.0, 1.0)
GOOD = Run(FIGURE, Figure(20.5, 20.0, 18.0, 2.0), 0.4, 0.5, 400, 3, 0.2)


def test_the_page_says_what_holds_and_what_does_not() -> None:
    far = replace(GOOD, p99=Figure(26.0, 20.0, 21.0, 2.0))
    rates = [Rate(5, 10_000.0, (GOOD, GOOD)), Rate(50, 100_000.0, (GOOD, far))]
    assert [holds for _, holds in claims(rates)] == [True, False]
    text = page(["Made today."], rates)
    assert text.startswith("# What a load says of latencies, and what is true\n\nMade today.\n")
    assert (
        "- Holds: at 5 % of what a process can hear, p50 and p99 are within 10 % or 1 ms of the truth: +0.50 and +0.50 ms."
        in text
    )
    assert "- **Does not hold**: at every rate" in text and "in 3 of 4 loads." in text
    assert "| 5 % | 10,000 | 5.50 | 5.00 | 4.00 | 1.00 | 20.50 | 20.00 | 18.00 | 2.00 | 20 % |" in text
    assert "| 5 % | 0.40 | 0.50 | 400 | 3 |" in text
    assert [holds for _, holds in claims([Rate(5, 10_000.0, (far,))])] == [False, False]
