"""Sets of numbers as runs: they say what sets say."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.numbers import Numbers, Run, size, up_to, without

SETS = st.sets(st.integers(0, 40))


def runs(numbers: Iterable[int]) -> list[Run]:
    return list(Numbers(numbers).runs())


def flat(of: Iterable[Run]) -> list[int]:
    return [number for begin, end in of for number in range(begin, end)]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20))))
def test_it_is_a_set_whatever_comes_and_goes(steps: list[tuple[bool, int]]) -> None:
    made, true = Numbers(), set[int]()
    for comes, number in steps:
        made.add(number) if comes else made.discard(number)
        true.add(number) if comes else true.discard(number)
        assert list(made) == sorted(true)
        assert [n in made for n in range(22)] == [n in true for n in range(22)]
        assert (len(made), bool(made)) == (len(true), bool(true))
    # As few runs as there can be.
    assert all(end < begin for (_, end), (begin, _) in zip(runs(true), runs(true)[1:], strict=False))
    assert Numbers.load(made.dump()) == made == Numbers(true)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=9))
def test_runs_can_be_added_above(steps: list[tuple[int, int]]) -> None:
    made, true, at = Numbers(), set[int](), 1
    for skip, long in steps:
        begin, at = at + skip, at + skip + long
        made.add_run(begin, at)
        true |= set(range(begin, at))
    assert list(made) == sorted(true)
    assert made == Numbers(true)


@given(SETS, SETS, st.integers(0, 40))
def test_runs_can_be_cut(one: set[int], other: set[int], last: int) -> None:
    assert flat(without(runs(one), runs(other))) == sorted(one - other)
    assert flat(up_to(runs(one), last)) == sorted(n for n in one if n <= last)
    assert size(runs(one)) == len(one)


def test_empty_sets_share_nothing_that_changes() -> None:
    one, other = Numbers(), Numbers()
    one.add(3)
    one.discard(3)
    one.add_run(4, 6)
    assert (list(one), list(other), list(Numbers())) == ([4, 5], [], [])
