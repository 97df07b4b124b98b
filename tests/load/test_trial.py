"""A load as a trial: what its record comes to, and what is told of it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from earwitness.errors import ExitCode
from earwitness.load.capacity import (
    CONFIRM,
    DIED,
    GENERATOR,
    GROW,
    HELD,
    INTERRUPTED,
    LISTENERS,
    MISSED,
    RATE,
    REFUSED,
    UNDECIDED,
    Answer,
    Level,
    Next,
    Search,
    Trial,
)
from earwitness.load.trial import capacity_csv, capacity_record, line, trial_of

HELD_LEVEL = {"slo": "lost == 0", "measured": 0.0, "held": True}
MISSED_LEVEL = {"slo": "delivery p99 < 200 ms", "measured": 431.2, "held": False}
DOUBTED = {**MISSED_LEVEL, "held": None}
UNMEASURED = {"slo": "read p99 < 1 s", "measured": None, "held": None}


def record(*levels: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "outcome": "finished", "reason": "", "audit": {"expected": 60, "heard": 57, "lost": 3}, "latency_ms": {"p50": 4.5, "p99": 431.2},
        "rate": {"offered": 20.0, "achieved": 19.5}, "generator": {"lag_ms": 9.0, "lag_p99_ms": 6.5, "cpu": 0.31, "held": 0.02, "saturated": False},
        "slo": [HELD_LEVEL, *levels],
    } | changes  # fmt: skip


def trial(code: ExitCode, load: dict[str, Any]) -> Trial:
    return trial_of(Next(20.0, GROW), load, code, 12.34567)


def test_it_has_the_figures_of_its_load() -> None:
    found = trial(ExitCode.BREACHED, record(MISSED_LEVEL))
    assert found == Trial(
        value=20.0, role=GROW, verdict=MISSED, exit_code=ExitCode.BREACHED, took_s=12.346, levels=(Level("delivery p99 < 200 ms", 431.2, True),),
        p50_ms=4.5, p99_ms=431.2, lost=3, offered=20.0, achieved=19.5, lag_ms=6.5, cpu=0.31, held_up=0.02,
    )  # fmt: skip
    assert found.why == "delivery p99 < 200 ms (measured 431.2)"


@pytest.mark.parametrize(
    ("code", "load", "verdict"),
    [
        (ExitCode.PASSED, record(), HELD),
        (ExitCode.BREACHED, record(MISSED_LEVEL), MISSED),
        # Its own processor, or its own lag.
        (ExitCode.INCONCLUSIVE, record(generator={"saturated": True}), GENERATOR),
        (ExitCode.INCONCLUSIVE, record(DOUBTED), GENERATOR),
        # Nothing of the generator's: what was not measured, what came to nothing, deliveries without an end.
        (ExitCode.INCONCLUSIVE, record(UNMEASURED), UNDECIDED),
        (ExitCode.INCONCLUSIVE, record(DOUBTED, audit={"expected": 0, "lost": 0}), UNDECIDED),
        (ExitCode.INCONCLUSIVE, record(DOUBTED, outcome="inconclusive"), UNDECIDED),
        (ExitCode.COULD_NOT_TEST, record(outcome="died"), DIED),
        (ExitCode.USAGE, {"reason": "too few members"}, REFUSED),
        (ExitCode.REFUSED, {"reason": "the budget"}, REFUSED),
        (ExitCode.INTERRUPTED, record(outcome="interrupted"), INTERRUPTED),
        (ExitCode.COULD_NOT_TEST, {"reason": "no server"}, DIED),
    ],
)
def test_what_came_of_it_follows_from_its_exit_code_and_its_generator(
    code: ExitCode, load: dict[str, Any], verdict: str
) -> None:
    assert trial(code, load).verdict == verdict


def test_why_nothing_was_measured_is_told_in_one_line() -> None:
    found = trial(ExitCode.USAGE, {"reason": "too few members\n    expected: more\n"})
    assert found.why == "too few members"
    said = line(Search(LISTENERS, 1, 1, 10), 3, found)
    assert said == "  3  grow     20 listeners: refused  (nothing was measured; too few members)"
    # A load that was refused has a record, and no figures.
    assert trial(ExitCode.REFUSED, record(UNMEASURED, reason="the budget")) == Trial(
        20.0, GROW, REFUSED, ExitCode.REFUSED, 12.346, reason="the budget"
    )


def test_a_trial_is_a_line_for_people() -> None:
    search = Search(RATE, 1, 1, 10)
    assert line(search, 1, trial(ExitCode.PASSED, record())) == (
        "  1  grow     20 messages a second: held  (p99 431.2 ms, 3 lost, 19.5 of 20 messages a second, generator 6.5 ms late, 31% of a core)"
    )
    assert line(search, 2, trial(ExitCode.BREACHED, record(MISSED_LEVEL))).endswith(
        "of a core; delivery p99 < 200 ms (measured 431.2))"
    )
    starved = record(generator={"lag_p99_ms": 11.1, "cpu": 0.15, "held": 0.83, "saturated": False})
    assert "generator 11.1 ms late, 15% of a core and kept from running for 83% of the time)" in line(
        search, 3, trial(ExitCode.PASSED, starved)
    )
    silent = record(latency_ms={"p50": None, "p99": None})
    assert "p99 - ms" in line(search, 4, trial(ExitCode.PASSED, silent))


def test_the_record_and_the_csv_have_every_trial() -> None:
    trials = [
        trial(ExitCode.PASSED, record()),
        trial(ExitCode.BREACHED, record(MISSED_LEVEL, {"slo": 'lost "==", 0', "measured": 3, "held": False})),
        trial_of(Next(10.0, CONFIRM), {"reason": "no server"}, ExitCode.COULD_NOT_TEST, 1.0),
    ]
    answer = Answer(10.0, 20.0, "died", False, ExitCode.COULD_NOT_TEST, "at least 10 messages a second")
    capacity: Any = capacity_record(Search(RATE, 10, 0.2, 1000), trials, answer)
    assert (capacity["grows"], capacity["start"], capacity["most"], capacity["seconds"]) == (
        "rate",
        10,
        1000,
        10.0,
    )
    assert (capacity["holds"], capacity["fails"], capacity["limited_by"], capacity["confirmed"]) == (
        10.0,
        20.0,
        "died",
        False,
    )
    assert capacity["answer"] == "at least 10 messages a second"
    assert [one["verdict"] for one in capacity["trials"]] == [HELD, MISSED, DIED]
    assert capacity["trials"][1]["levels"][0] == MISSED_LEVEL
    assert capacity["trials"][2]["p99_ms"] is None
    text = capacity_csv({"capacity": capacity})
    assert text.endswith("\r\n") and text.count("\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["trial"] for row in rows] == ["1", "2", "3"]
    assert rows[1]["levels"] == 'delivery p99 < 200 ms measured 431.2; lost "==", 0 measured 3'
    assert (rows[2]["role"], rows[2]["p99_ms"], rows[2]["exit_code"]) == ("confirm", "", "3")
