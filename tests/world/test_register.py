"""A register allows exactly what a reader may have seen, held against every order in which the writes could have been done.

The oracle knows no rule: it puts each write at every moment of its interval, each read at every moment of its own, and takes
the value of the last write before the read. For one read that is what ``Register.possible`` must give: never less, since then
a correct server would be blamed; and, where no two moments coincide, no more. Where the end of one interval is the beginning
of another the register takes no side when it could blame somebody (a superset), except that a write which ends where another
begins came before it: so the world says that nothing was there before a message was sent.

Two reads are judged apart from each other, as those of a regular register: an atomic one would forbid that a reader sees the
new value and a later reader the old one while the write is still under way. The last test shows it.
"""

from __future__ import annotations

from itertools import product
from math import inf

from hypothesis import example, given
from hypothesis import strategies as st

from earwitness.world.register import BEGINNING, NEVER, Register, Write

END = 40
Span = tuple[int, float]


def moments(begun: float, done: float) -> list[float]:
    """The moments strictly within an interval, in halves; whatever has no end may come after everything, which is ``inf``."""
    first, last = max(begun, -1), min(done, END)
    inside = [half / 2 for half in range(int(first * 2) + 1, int(last * 2))]
    return [*inside, inf] if done == NEVER else inside


def oracle(writes: list[Write[int]], begun: float, done: float) -> set[int]:
    """Every value that a read in [begun, done] can return, by trying every order."""
    # Only the order matters, so a few moments of each interval do: those next to where any interval begins or ends.
    edges = {edge for w in writes for edge in (w.begun, w.done)} | {begun, done}
    near = {edge + half for edge in edges for half in (-0.5, 0.5)} | {inf}
    places = [[moment for moment in moments(w.begun, w.done) if moment in near] for w in writes]
    reads = [r / 2 for r in range(int(begun * 2), int(done * 2) + 1) if r / 2 in near | {begun, done}]
    seen: set[int] = set()
    for at in product(*places):
        for read in reads:
            before = [(moment, w.value) for moment, w in zip(at, writes, strict=True) if moment <= read]
            if before:
                last = max(moment for moment, _ in before)
                seen |= {value for moment, value in before if moment == last}
    return seen


@st.composite
def histories(draw: st.DrawFn, apart: bool) -> tuple[list[Write[int]], Span]:
    """Two or three writes, some without an end, and a read; ``apart`` when no two moments may coincide."""
    number = draw(st.integers(2, 3))
    some = st.lists(st.integers(0, END - 1), min_size=2 * number + 2, max_size=2 * number + 2, unique=apart)
    times = draw(some)
    pairs = [sorted(times[2 * i : 2 * i + 2]) for i in range(number + 1)]
    spans: list[Span] = [(one, other if other > one else one + 1) for one, other in pairs]
    endless = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    writes = [
        Write(value, begun, NEVER if never and value else done, f"x{value}")
        for value, ((begun, done), never) in enumerate(zip(spans[:-1], endless, strict=True))
    ]
    return writes, spans[-1]


@given(histories(apart=True))
def test_where_no_moments_coincide_it_allows_what_can_have_been_and_nothing_else(
    told: tuple[list[Write[int]], Span],
) -> None:
    writes, (begun, done) = told
    assert set(Register(writes).possible(begun, done)) == oracle(writes, begun, done)


@given(histories(apart=False))
@example(([Write(0, 0, 5), Write(1, 5, 10)], (10, 12)))
@example(([Write(0, 0, 5), Write(1, 2, NEVER)], (2, 2)))
def test_it_never_forbids_what_can_have_been(told: tuple[list[Write[int]], Span]) -> None:
    writes, (begun, done) = told
    assert oracle(writes, begun, done) <= set(Register(writes).possible(begun, done))


@given(histories(apart=True))
def test_it_is_certain_exactly_when_there_is_one_value(told: tuple[list[Write[int]], Span]) -> None:
    writes, (begun, done) = told
    register = Register(writes)
    possible = oracle(writes, begun, done)
    assert register.certain(begun, done) == (next(iter(possible)) if len(possible) == 1 else None)
    for value in range(3):
        assert register.allows(value, begun, done) is (value in possible)


@given(histories(apart=False), st.integers(0, END))
def test_what_may_have_been_there_before_leaves_everything_open_until_a_write_is_done(
    told: tuple[list[Write[int]], Span], moment: int
) -> None:
    register = Register(told[0], open_start=True)
    known = any(write.done < moment for write in told[0])
    assert register.unknown(moment) is not known
    if not known:
        assert register.allows("anything", moment, moment)
        assert register.certain(moment, moment) is None


def test_what_was_there_from_the_beginning_ends_where_the_first_write_begins() -> None:
    register: Register[bool] = Register()
    register.write(False, BEGINNING, 10)
    register.write(True, 10, 20)
    assert register.certain(5, 9) is False
    assert register.certain(5, 10) is None
    assert register.certain(15, 15) is None
    assert register.certain(20, 30) is None
    assert register.certain(21, 30) is True


def test_what_nobody_answered_stays_possible_and_takes_nothing_back() -> None:
    register: Register[str] = Register()
    register.write("old", BEGINNING, 0)
    register.write("maybe", 10, NEVER)
    assert set(register.possible(1_000, 1_000)) == {"old", "maybe"}
    register.write("new", 2_000, 2_010)
    # Whatever had not been done by then may be done still.
    assert set(register.possible(3_000, 3_000)) == {"maybe", "new"}


def test_nothing_written_is_nothing_known() -> None:
    register: Register[int] = Register()
    assert register.certain(0, 1) is None
    assert not register.allows(1, 0, 1)
    assert register.possible(0, 1) == ()


def test_two_reads_are_judged_apart_as_those_of_a_regular_register() -> None:
    """While a write is under way one reader may see the new value and, after that, another the old one. An atomic register
    would forbid it; HTTP back ends with replicas do it, and no document forbids it."""
    register: Register[str] = Register()
    register.write("old", BEGINNING, 0)
    register.write("new", 10, 100)
    assert register.allows("new", 20, 30)
    assert register.allows("old", 40, 50)
