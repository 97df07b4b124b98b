"""The timetable: absolute, complete, and dealt out without gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.pacing import Pace


@given(st.floats(0.1, 500), st.floats(0.5, 30), st.integers(1, 7))
def test_the_shares_of_all_senders_are_the_timetable(rate: float, seconds: float, senders: int) -> None:
    pace = Pace(rate, seconds, senders)
    dues = sorted(pace.due(k, n) for k in range(senders) for n in range(1, pace.count(k) + 1))
    assert len(dues) == pace.messages
    assert dues == [round(n * 1e9 / rate) for n in range(pace.messages)]


def test_the_last_message_is_due_before_the_end() -> None:
    pace = Pace(10, 20)
    assert pace.count(0) == 200
    assert (pace.due(0, 1), pace.due(0, 200)) == (0, 19_900_000_000)
    assert Pace(0.1, 30).messages == 3


@given(st.floats(0.1, 500), st.floats(0.5, 30))
def test_each_second_has_what_is_due_in_it(rate: float, seconds: float) -> None:
    pace = Pace(rate, seconds)
    assert sum(pace.due_in(second) for second in range(31)) == pace.messages


def test_what_is_due_at_a_full_second_is_due_in_the_second_that_begins() -> None:
    assert [Pace(2.5, 3).due_in(second) for second in range(4)] == [3, 2, 3, 0]
