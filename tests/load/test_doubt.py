"""The truth lies between what is said less what the generator added, and what is said; where a service level falls between, it is in doubt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.clock import Clocks
from earwitness.load.doubt import PERCENTS, Own, at_least, is_in_doubt
from earwitness.load.figures import Histogram
from earwitness.load.slo import judge_slo, parse_slo

# Up to where a histogram is exact, in microseconds, for three of them together.
EXACT = 80
DELIVERIES = st.lists(
    st.tuples(st.integers(0, EXACT), st.integers(0, EXACT), st.integers(0, EXACT)), min_size=1, max_size=60
)


def times(*values: int) -> Histogram:
    made = Histogram()
    made.add_all(values)
    return made


@given(DELIVERIES, st.integers(1, 30), st.sampled_from(sorted(PERCENTS.values())))
def test_no_true_percentile_is_below_what_it_is_said_to_be_at_least(
    deliveries: list[tuple[int, int, int]], again: int, percent: float
) -> None:
    deliveries = deliveries * again
    true, woke, waited = (times(*each) for each in zip(*deliveries, strict=True))
    said = times(*(sum(each) for each in deliveries))
    least = at_least(said, percent, [woke, waited])
    most = said.milliseconds(percent)
    truth = true.milliseconds(percent)
    assert most is not None and truth is not None
    assert least <= truth <= most


def test_without_anything_of_its_own_what_is_said_is_true() -> None:
    said = times(*range(200))
    for percent in PERCENTS.values():
        assert at_least(said, percent, [Histogram()]) == said.milliseconds(percent)


def test_one_long_wait_is_not_taken_off_all() -> None:
    # Of a thousand deliveries one waited long, by a mistake of ours; all took their time.
    said, waited = times(*[100_000] * 1000), times(*[100] * 999, 90_000)
    assert at_least(said, 99.0, [waited]) == pytest.approx(99.9, rel=0.01)
    assert at_least(said, 100.0, [waited]) == pytest.approx(10, rel=0.01)


def doubt(text: str, said: list[int], woke: int = 0, waited: int | None = None, **more: Any) -> bool:
    """Whether ``text`` is in doubt where times in ms were ``said``, and the generator was so late (ms)."""
    slo = parse_slo(text)
    of = times(*(ms * 1_000 for ms in said))
    own = Own(times(woke * 1_000), Histogram() if waited is None else times(waited * 1_000))
    result = judge_slo(
        slo, {f"{slo.metric} {slo.statistic}".strip(): of.milliseconds(PERCENTS.get(slo.statistic, 50))}
    )
    clocks = more.pop("clocks", Clocks())
    return is_in_doubt(result, of, own, clocks, limiting=more.pop("limiting", False))


@pytest.mark.parametrize(
    ("text", "waited", "is_in"),
    [
        ("delivery p99 < 8 ms", 1, False),  # it was missed, without us as well
        ("delivery p99 < 8 ms", 3, True),
        ("delivery p99 < 11 ms", 3, False),  # it held, and holds all the more
        ("last-listener p99 < 8 ms", 3, True),
        ("answer p99 < 8 ms", 3, False),  # no answer waits in the bank
        ("delivery p50 > 8 ms", 3, True),
        ("delivery p50 > 8 ms", 1, False),
        ("delivery max == 9 ms", 3, True),
    ],
)
def test_what_the_generator_read_late_is_nobodys_miss(text: str, waited: int, is_in: bool) -> None:
    assert doubt(text, [10] * 50, waited=waited) is is_in


def test_what_it_sent_late_and_what_it_read_late_add_up() -> None:
    assert not doubt("delivery p99 < 6 ms", [10] * 50, woke=3)
    assert not doubt("delivery p99 < 6 ms", [10] * 50, waited=3)
    assert doubt("delivery p99 < 6 ms", [10] * 50, woke=3, waited=3)


def test_what_clocks_may_be_wrong_by_comes_on_top() -> None:
    apart = Clocks(2, 2_000_000)
    assert doubt("delivery p99 < 11 ms", [10] * 50, clocks=apart)
    assert not doubt("delivery p99 < 13 ms", [10] * 50, clocks=apart)
    assert doubt("delivery p99 < 5 ms", [10] * 50, waited=4, clocks=apart)
    assert not doubt("answer p99 < 11 ms", [10] * 50, clocks=apart)
    assert doubt("delivery p99 < 900 ms", [10] * 50, clocks=Clocks(2, float("inf")))


def test_of_a_generator_that_was_the_limit_no_miss_about_time_is_sure() -> None:
    assert doubt("delivery p99 < 1 ms", [10] * 50, limiting=True)
    assert not doubt("delivery p99 < 20 ms", [10] * 50, limiting=True)
