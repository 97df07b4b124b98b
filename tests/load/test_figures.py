"""The histogram: how far off it may be, and that merging is adding."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.figures import COARSE, Histogram

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=200)


def of(values: list[int]) -> Histogram:
    made = Histogram()
    for value in values:
        made.add(value)
    return made


@given(VALUES, st.sampled_from([50.0, 90.0, 99.0, 99.9, 100.0]))
def test_a_percentile_is_off_by_half_a_percent_at_most(values: list[int], percent: float) -> None:
    rank = max(1, -(-len(values) * round(percent * 1000) // 100_000))
    true = sorted(values)[rank - 1]
    found = of(values).percentile(percent)
    assert found is not None
    assert abs(found - true) <= true / 200 + 0.5


@given(VALUES, VALUES, VALUES)
def test_merging_is_adding_in_any_order(one: list[int], two: list[int], three: list[int]) -> None:
    whole = of(one + two + three).dump()
    left, right = of(one), of(three)
    left.merge(of(two))
    left.merge(of(three))
    right.merge(of(one))
    right.merge(of(two))
    assert left.dump() == right.dump() == whole


@given(VALUES, VALUES)
def test_a_finer_one_adds_to_a_coarser_what_its_values_would(one: list[int], two: list[int]) -> None:
    made, whole = Histogram(COARSE), Histogram(COARSE)
    made.add_all(one)
    made.merge(of(two))
    whole.add_all(one + two)
    assert made.dump() == whole.dump()


@given(VALUES)
def test_it_travels_as_json(values: list[int]) -> None:
    assert Histogram.load(json.loads(json.dumps(of(values).dump()))).dump() == of(values).dump()


def test_without_values_there_is_no_percentile() -> None:
    assert Histogram().percentile(50) is None
    assert Histogram().milliseconds(100) is None
    assert of([1500]).milliseconds(100) == 1.5


@given(VALUES, st.sampled_from([50.0, 99.0, 100.0]))
def test_a_coarse_one_is_off_by_a_thirty_second_and_stays_small(values: list[int], percent: float) -> None:
    made = Histogram(COARSE)
    for value in values:
        made.add(value)
    found, true = (
        made.percentile(percent),
        sorted(values)[max(1, -(-len(values) * round(percent) // 100)) - 1],
    )
    assert found is not None
    assert abs(found - true) <= true / 32 + 0.5
    assert Histogram.load(json.loads(json.dumps(made.dump()))).dump() == made.dump()


def test_a_coarse_one_has_no_more_buckets_than_is_said() -> None:
    made = Histogram(COARSE)
    for shift in range(31):
        for step in range(64):
            made.add(min(2**30 - 1, (1 << shift) + (step << shift) // 64))
    made.add(0)
    assert len(made.counts) == 432


@given(st.lists(st.integers(0, 10**7), max_size=50), st.lists(st.integers(0, 10**7), min_size=1, max_size=50))
def test_what_was_counted_since_is_what_was_added(before: list[int], after: list[int]) -> None:
    then, now, fresh = Histogram(), Histogram(), Histogram()
    then.add_all(before)
    now.add_all([*before, *after])
    fresh.add_all(after)
    found = now.since(then)
    assert (found.counts, found.n, found.total) == (fresh.counts, fresh.n, fresh.total)
    assert abs(found.max - max(after)) <= max(after) / 256
    assert found.max == max(after) or max(after) < max(before, default=0)
    assert sum(times for _, times in found.values()) == len(after)
    closest = sorted(after)
    for value, times in found.values():
        # Each of these is told by the middle of its bucket.
        assert all(abs(value - one) <= one / 128 for one in closest[:times])
        del closest[:times]


def test_since_itself_nothing_was_counted() -> None:
    one = Histogram()
    one.add(5)
    assert one.since(one).dump() == Histogram().dump()
