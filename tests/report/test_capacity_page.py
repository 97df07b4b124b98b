"""A search for capacity on the page and among the test cases: the answer, the trials, the curve."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from earwitness.errors import ExitCode
from earwitness.report import junit, results
from earwitness.report.capacity import MOST_TRIALS, curves
from tests.report.loads import load
from tests.report.made_up import HOSTILE
from tests.report.test_html import ATTRIBUTES, TAGS, Read
from tests.report.test_load_page import MORE_ATTRIBUTES, MORE_TAGS, page, scripts, shown
from tests.report.test_results import validator


def trial(value: float, verdict: str, **changes: Any) -> dict[str, Any]:
    missed = (
        [{"slo": "delivery p99 < 200 ms", "measured": 431.25, "held": False}] if verdict == "missed" else []
    )
    return {
        "value": value, "role": "grow", "verdict": verdict, "exit_code": 0, "levels": missed, "reason": "", "p50_ms": 3.0, "p99_ms": value / 2,
        "lost": 0, "offered": value, "achieved": value - 1, "lag_ms": 1.25, "cpu": 0.31, "held_up": 0.02, "took_s": 14.0,
    } | changes  # fmt: skip


def capacity(*trials: dict[str, Any], **changes: Any) -> dict[str, Any]:
    base = {
        "grows": "rate", "start": 10.0, "most": 1000.0, "holds": 20.0, "fails": 40.0, "limited_by": "server", "confirmed": True,
        "answer": "every service level holds at 20 messages a second", "seconds": 10.0,
        "trials": list(trials) or [trial(10, "held"), trial(20, "held"), trial(40, "missed"), trial(20, "held", p99_ms=12.0, achieved=18.0)],
    }  # fmt: skip
    return base | changes


def test_the_answer_stands_at_the_top_and_the_trials_below() -> None:
    told = shown(page(load(ExitCode.PASSED, capacity=capacity()), code=0))
    assert "Capacity by fan-out on fe16ops on staging" in told
    assert told.count("Every service level holds at 20 messages a second.") == 2
    assert "10 grow 3.0 5.0 0 9.0 1.2 31% 2% ✓ held" in told
    assert "40 grow 3.0 20.0 0 39.0 1.2 31% 2% ✗ missed delivery p99 < 200 ms (measured 431.25)" in told
    assert "All that follows is the last trial at 20 messages a second." in told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"holds": None}, "Nothing held; all that follows is the last trial."),
        ({"grows": "listeners", "holds": 300}, "All that follows is the last trial at 300 listeners."),
    ],
)
def test_it_is_told_of_which_trial_the_figures_are(changes: dict[str, Any], words: str) -> None:
    assert words in shown(page(load(capacity=capacity(**changes))))


def test_a_search_that_was_cut_short_says_so_at_the_top() -> None:
    told = shown(
        page(load(ExitCode.INTERRUPTED, capacity=capacity(answer="interrupted after 2 trials")), code=130)
    )
    assert "Interrupted after 2 trials. The run was interrupted; this report is partial." in told


def test_the_curve_has_the_worst_of_each_value_apart_by_whether_it_held() -> None:
    # In whatever order they were tried.
    found = curves({"capacity": capacity()})
    assert found["curve"] == [[10, 20, 40], [5.0, 12.0, None], [None, None, 20.0]]
    assert found["kept"] == [[10, 20, 40], [10, 20, 40], [9, 18, 39]]
    # What held only once did not hold.
    again = curves(
        {"capacity": capacity(trial(10, "held"), trial(20, "held"), trial(20, "generator", p99_ms=99.0))}
    )
    assert again["curve"] == [[10, 20], [5.0, None], [None, 99.0]]
    drawn = [
        json.loads(body)
        for attributes, body in scripts(page(load(capacity=capacity())))
        if "application/json" in attributes
    ]
    assert drawn[:2] == [found["curve"], found["kept"]]


def test_one_value_makes_no_curve() -> None:
    assert curves({"capacity": capacity(trial(10, "missed"), trial(10, "missed"))}) == {}
    assert curves({}) == {}


def test_hostile_text_makes_no_element_and_no_attribute() -> None:
    evil = trial(10, HOSTILE, role=HOSTILE, reason=HOSTILE, levels=[{"slo": HOSTILE, "measured": HOSTILE}])
    text = page(load(capacity=capacity(evil, trial(20, "held"), answer=HOSTILE, grows=HOSTILE)))
    read = Read(text)
    assert {tag for tag, _ in read.tags} <= {*TAGS, *MORE_TAGS}
    assert {name for _, attrs in read.tags for name in attrs} <= {*ATTRIBUTES, *MORE_ATTRIBUTES}
    assert read.stack == []


@pytest.mark.parametrize(
    "odd",
    [
        {}, {"trials": None}, {"trials": [{}]}, {"trials": [None, 5]}, {"trials": [{"value": "x", "levels": 5, "cpu": "y", "p99_ms": []}]},
        {"trials": [trial(1, "held")] * (MOST_TRIALS + 9)}, {"trials": [{"value": float("inf")}, {"value": 1}]}, {"answer": None, "trials": []},
    ],
)  # fmt: skip
def test_a_part_that_is_not_there_or_odd_costs_no_page(odd: dict[str, Any]) -> None:
    assert Read(page(load(capacity=odd))).stack == []


@pytest.mark.parametrize(
    ("code", "tags"),
    [
        (ExitCode.PASSED, []), (ExitCode.BREACHED, ["failure"]), (ExitCode.INCONCLUSIVE, ["skipped"]), (ExitCode.COULD_NOT_TEST, ["error"]),
        (ExitCode.INTERRUPTED, ["error"]),
    ],
)  # fmt: skip
def test_the_search_is_a_test_case(code: ExitCode, tags: list[str]) -> None:
    root = ET.fromstring(junit("r1", [], {}, [load(code, slo=[], capacity=capacity())]).encode())
    (case,) = root.iter("testcase")
    assert case.get("name") == "capacity by rate"
    assert [child.tag for child in case] == tags
    assert [child.get("message") for child in case] == [capacity()["answer"]] * len(tags)


def test_the_record_is_by_its_schema() -> None:
    found = results("r", "c", [], {}, 0, [load(ExitCode.PASSED, capacity=capacity())])
    assert list(validator().iter_errors(found)) == []
    for odd in ({"limited_by": "fate"}, {"grows": "age"}, {"trials": [trial(1, "won")]}):
        broken = results("r", "c", [], {}, 0, [load(ExitCode.PASSED, capacity=capacity(**odd))])
        assert list(validator().iter_errors(broken)) != []
