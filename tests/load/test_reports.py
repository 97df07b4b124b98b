"""What processes told: how far one may say that something is lost when their reports are not of the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from earwitness.load.ledger import Ledger, Sent
from earwitness.load.part import Part
from load.reports import Reports


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("load.reports.time", made)
    return made


def told(sender: str = "", settled: int = 0, second: int = 0, run: str = "r") -> dict[str, Any]:
    part = Part(Ledger(run, {"a": 40}))
    if sender:
        part.ledger.sent[sender] = Sent(issued=settled + 3, settled=settled)
    part.acknowledged(second, 1_000)
    return part.dump()


def test_a_deadline_that_was_over_after_a_process_told_says_nothing_of_it(clock: Clock) -> None:
    reports = Reports("r")
    reports.take("one", told("a", 5))
    # Two has not told at all, so nobody waits for it; then it tells, later than that report of one.
    assert reports.settled() == {"a": 5}
    clock.now += 1
    reports.take("two", told())
    clock.now += 2
    reports.take("one", told("a", 20))
    assert reports.settled() == {"a": 5}
    clock.now += 1
    reports.take("two", told())
    assert reports.settled() == {"a": 20}


def test_one_that_does_not_tell_any_more_holds_back_what_may_be_said(clock: Clock) -> None:
    reports = Reports("r")
    reports.take("two", told())
    for settled in range(1, 40):
        clock.now += 3
        reports.take("one", told("a", settled))
    assert reports.settled() == {}
    assert set(reports.silent(2.5)) == {"two"}
    assert [(one.name, one.told_s) for one in reports.processes({"two": "process 2"})] == [
        ("one", 0.0),
        ("process 2", 117.0),
    ]


def test_seconds_that_are_not_told_again_stay() -> None:
    reports = Reports("r")
    reports.take("one", told(second=1))
    reports.take("one", told(second=4))
    ((name, part),) = reports.parts()
    assert (name, set(part.seconds), len(reports)) == ("one", {1, 4}, 1)


def test_a_report_is_read_once_until_the_next() -> None:
    reports = Reports("r")
    reports.take("one", told(second=1))
    (before,), (again,) = reports.processes({}), reports.processes({})
    assert before.part is again.part
    reports.take("one", told(second=2))
    (after,) = reports.processes({})
    assert set(after.part.seconds) == {1, 2}
    # Those that are judged are the caller's own.
    assert next(reports.parts())[1] is not after.part


def test_what_a_process_still_tells_of_the_load_before_is_no_part_of_this_one(clock: Clock) -> None:
    reports = Reports("r")
    reports.take("one", told("a", 30, second=9, run="q"))
    assert (len(reports), reports.settled(), list(reports.processes({}))) == (0, {}, [])
    reports.take("one", told("a", 2, second=1))
    reports.take("two", told("b", 30, second=9, run="q"))
    ((name, part),) = reports.parts()
    assert (name, set(part.seconds), reports.settled()) == ("one", {1}, {"a": 2})
