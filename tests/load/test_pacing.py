"""The timetable: absolute, complete, dealt out without gaps, and shaped as it is said to be."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.pacing import Bursts, Constant, Pace, Poisson, Ramp, Shape, Steps, Trace, shape_of

# A rate so small that it comes to no message, though one is due at its very start, is no load that anybody asks for.
RATES = st.just(0.0) | st.floats(0.1, 200)
SHAPES: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Constant, st.floats(0.1, 500)),
    st.builds(Ramp, RATES, RATES),
    st.builds(Steps, st.lists(RATES, min_size=1, max_size=6).map(tuple)),
    st.builds(Bursts, st.integers(1, 90), st.floats(0.2, 9)),
    st.builds(Poisson, st.floats(0.1, 200), st.integers(0, 9)),
    st.builds(lambda times: Trace.of(sorted(times)), st.lists(st.floats(0, 40), min_size=1, max_size=80)),
)
SECONDS = st.floats(0.5, 30)


def times(pace: Pace) -> list[float]:
    """All due times in seconds, in order."""
    numbers = [(k, n) for k in range(pace.senders) for n in range(1, pace.count(k) + 1)]
    return sorted(pace.due(k, n) / 1e9 for k, n in numbers)


@given(SHAPES, SECONDS, st.integers(1, 7))
def test_the_shares_of_all_senders_are_the_timetable(shape: Shape, seconds: float, senders: int) -> None:
    pace, alone = Pace(shape, seconds, senders), Pace(shape, seconds)
    assert times(pace) == times(alone)
    assert len(times(pace)) == pace.messages
    assert all(0 <= at <= seconds + 1e-6 for at in times(pace))
    # Each sender's own go forward as well.
    for k in range(senders):
        mine = [pace.due(k, n) for n in range(1, pace.count(k) + 1)]
        assert mine == sorted(mine)


@given(SHAPES, SECONDS, st.floats(0, 30), st.integers(1, 4))
def test_what_is_due_before_a_moment_is_counted(
    shape: Shape, seconds: float, moment: float, senders: int
) -> None:
    pace = Pace(shape, seconds, senders)
    # A message within a hair of the moment may count as before it or not.
    low, high = (sum(at < moment + hair for at in times(pace)) for hair in (-1e-4, 1e-4))
    assert low <= pace.due_before(moment) <= high
    shares = [pace.count_before(k, moment) for k in range(senders)]
    assert sum(shares) == pace.due_before(moment)
    assert all(shares[k] <= pace.count(k) for k in range(senders))


@given(SHAPES, SECONDS)
def test_each_second_has_what_is_due_in_it(shape: Shape, seconds: float) -> None:
    pace = Pace(shape, seconds)
    assert sum(pace.due_in(second) for second in range(31)) == pace.messages


@given(SHAPES, SECONDS, st.integers(1, 3))
def test_it_travels_as_json(shape: Shape, seconds: float, senders: int) -> None:
    pace = Pace(shape, seconds, senders)
    there = Pace.load(json.loads(json.dumps(pace.dump())))
    assert (times(there), there.senders) == (times(pace), senders)


def test_the_last_message_is_due_before_the_end() -> None:
    pace = Pace(Constant(10), 20)
    assert pace.count(0) == 200
    assert (pace.due(0, 1), pace.due(0, 200)) == (0, 19_900_000_000)
    assert Pace(Constant(0.1), 30).messages == 3


def test_what_is_due_at_a_full_second_is_due_in_the_second_that_begins() -> None:
    assert [Pace(Constant(2.5), 3).due_in(second) for second in range(4)] == [3, 2, 3, 0]


@given(st.floats(0.1, 500), SECONDS)
def test_a_constant_pace_is_even(rate: float, seconds: float) -> None:
    assert times(Pace(Constant(rate), seconds)) == pytest.approx(
        [n / rate for n in range(Pace(Constant(rate), seconds).messages)], abs=1e-8
    )


def test_a_ramp_goes_from_one_rate_to_the_other() -> None:
    # From 2 to 18 a second in 4 s: 40 in all, the n-th where 2t + 2t² = n.
    pace = Pace(Ramp(2, 18), 4)
    assert pace.messages == 40
    assert [pace.due(0, n + 1) / 1e9 for n in (0, 4, 12, 24)] == pytest.approx([0, 1, 2, 3])
    assert [pace.due_in(second) for second in range(5)] == [4, 8, 12, 16, 0]
    assert [Pace(Ramp(18, 2), 4).due_in(second) for second in range(4)] == [16, 12, 8, 4]
    assert pace.rate == 10
    assert Pace(Ramp(0, 0), 4).messages == 0


def test_steps_take_equal_parts_of_the_time_and_0_is_a_pause() -> None:
    pace = Pace(Steps((10, 0, 20)), 6)
    assert [pace.due_in(second) for second in range(6)] == [10, 10, 0, 0, 20, 20]
    assert pace.due(0, 21) == 4_000_000_000


def test_bursts_come_at_once() -> None:
    pace = Pace(Bursts(3, 2.5), 6)
    assert times(pace) == [0, 0, 0, 2.5, 2.5, 2.5, 5, 5, 5]
    # Three senders write at the same moment.
    assert {replaced.due(k, 2) for replaced in [Pace(Bursts(3, 2.5), 6, 3)] for k in range(3)} == {
        2_500_000_000
    }


def test_chance_is_drawn_once_from_its_seed_and_is_that_of_independent_writers() -> None:
    pace = Pace(Poisson(50, 7), 400)
    assert times(pace) == times(Pace(Poisson(50, 7), 400)) != times(Pace(Poisson(50, 8), 400))
    # 20,000 on the average, with a deviation of 141; five of these are beyond chance.
    assert abs(pace.messages - 20_000) < 5 * 141
    # The waits between them are exponential: 1/e of them are longer than the mean, and no second knows of the one before.
    waits = [late - early for early, late in pairwise(times(pace))]
    assert sum(wait > 1 / 50 for wait in waits) / len(waits) == pytest.approx(0.368, abs=0.02)
    seconds = Counter(int(at) for at in times(pace))
    counts = [seconds[second] for second in range(400)]
    mean = sum(counts) / 400
    assert sum((count - mean) ** 2 for count in counts) / 400 == pytest.approx(mean, rel=0.35)


def test_a_trace_is_followed_and_cut_off_at_the_end() -> None:
    pace = Pace(Trace.of([0.25, 0.25, 1.5, 9]), 5)
    assert times(pace) == [0.25, 0.25, 1.5]
    assert pace.rate == pytest.approx(0.6)


def test_a_kind_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        shape_of({"kind": "waves"})
