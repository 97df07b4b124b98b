"""The search for capacity, on servers that are made up: each is a function from what is tried to what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from earwitness.errors import ExitCode
from earwitness.load.capacity import (
    BISECT,
    CONFIRM,
    CONFIRMATIONS,
    DIED,
    GENERATOR,
    GROW,
    HALVE,
    HELD,
    INTERRUPTED,
    LISTENERS,
    MISSED,
    MOST_TRIALS,
    RATE,
    REFUSED,
    SOCKETS,
    UNDECIDED,
    WITHIN,
    Answer,
    Level,
    Next,
    Search,
    Trial,
    proceed,
)
from earwitness.load.cost import Cost

# What is tried, and what was tried before; to what comes of it.
Server = Callable[[float, Sequence[Trial]], str]
BY_RATE = Search(RATE, start=10, least=0.2, most=1000)
BY_LISTENERS = Search(LISTENERS, start=100, least=1, most=10_000)
CODES = {
    HELD: ExitCode.PASSED, MISSED: ExitCode.BREACHED, GENERATOR: ExitCode.INCONCLUSIVE, UNDECIDED: ExitCode.INCONCLUSIVE,
    REFUSED: ExitCode.USAGE, DIED: ExitCode.COULD_NOT_TEST, INTERRUPTED: ExitCode.INTERRUPTED,
}  # fmt: skip


def tried(wanted: Next, verdict: str, took_s: float = 12.0) -> Trial:
    levels = {MISSED: (Level("lost == 0", 3.0, True),)}.get(verdict, ())
    return Trial(wanted.value, wanted.role, verdict, CODES[verdict], took_s, levels, f"it was {verdict}")


def look(search: Search, server: Server, took_s: float = 12.0) -> tuple[Answer, list[Trial]]:
    """Search to the end; it has to have one."""
    trials: list[Trial] = []
    while isinstance(found := proceed(search, trials), Next):
        trials.append(tried(found, server(found.value, trials), took_s))
        assert len(trials) <= MOST_TRIALS
    return found, trials


def cliff(at: float, beyond: str = MISSED) -> Server:
    """Holds up to a value, and not beyond."""
    return lambda value, _: HELD if value <= at else beyond


def values(trials: Sequence[Trial], role: str) -> list[float]:
    return [one.value for one in trials if one.role == role]


@pytest.mark.parametrize("at", [10.0, 10.4, 11.0, 19.9, 20.0, 47.0, 99.0, 333.0, 640.0, 999.0])
def test_a_cliff_is_found_to_within_a_tenth_and_confirmed(at: float) -> None:
    found, trials = look(BY_RATE, cliff(at))
    assert found.holds is not None and found.fails is not None
    assert found.holds <= at < found.fails
    assert found.fails <= WITHIN * found.holds
    assert (found.limited_by, found.confirmed, found.exit_code) == ("server", True, ExitCode.PASSED)
    assert values(trials, CONFIRM) == [found.holds] * CONFIRMATIONS
    assert (
        f"every service level holds at {found.holds:g} messages a second, and not at {found.fails:g}"
        in found.sentence
    )
    assert "lost == 0 (measured 3)" in found.sentence
    assert "Confirmed" in found.sentence


def test_it_doubles_then_bisects_and_tries_a_miss_once_more() -> None:
    _, trials = look(BY_RATE, cliff(47))
    assert values(trials, GROW) == [10, 20, 40, 80, 80]
    # 40 to 80, 40 to 56.6, 40 to 47.6 and 43.6 to 47.6, each by the mean of the logarithms.
    assert values(trials, BISECT) == [56.6, 56.6, 47.6, 47.6, 43.6]
    assert [one.role for one in trials[-2:]] == [CONFIRM, CONFIRM]


@pytest.mark.parametrize("at", [1, 2, 3, 7, 30, 99])
def test_it_goes_down_where_the_first_does_not_hold(at: int) -> None:
    found, trials = look(BY_LISTENERS, cliff(at))
    assert found.holds is not None and found.fails is not None
    assert found.holds <= at < found.fails
    # A listener is the least that there is between two.
    assert found.fails <= WITHIN * found.holds or found.fails - found.holds == 1
    assert found.exit_code is ExitCode.PASSED
    assert all(value < 100 for value in values(trials, HALVE))
    assert all(late <= early for early, late in pairwise(values(trials, HALVE)))


def test_an_audience_is_of_whole_listeners_and_a_rate_of_three_digits() -> None:
    _, trials = look(BY_LISTENERS, cliff(723))
    assert all(one.value == int(one.value) for one in trials)
    _, trials = look(replace(BY_RATE, start=1 / 3), cliff(7.77))
    assert trials[0].value == 1 / 3
    assert all(one.value == float(f"{one.value:.3g}") for one in trials[1:])


def test_a_server_that_never_breaks_holds_at_least_what_was_tried() -> None:
    found, trials = look(BY_RATE, cliff(1e9))
    assert (found.holds, found.fails, found.limited_by) == (1000, None, "up-to")
    assert (found.confirmed, found.exit_code) == (True, ExitCode.PASSED)
    assert values(trials, GROW) == [10, 20, 40, 80, 160, 320, 640, 1000]
    assert found.sentence.startswith("at least 1000 messages a second, where the search ends (--up-to)")
    most, _ = look(replace(BY_LISTENERS, limit=SOCKETS), cliff(1e9))
    assert most.limited_by == "sockets" and "no more sockets" in most.sentence


def test_nothing_is_tried_beyond_the_end() -> None:
    found, trials = look(replace(BY_RATE, most=10), cliff(1e9))
    assert found.holds == 10
    assert {one.value for one in trials} == {10}


def test_a_server_that_never_holds_is_a_breach() -> None:
    found, trials = look(BY_RATE, cliff(0))
    assert (found.holds, found.confirmed, found.exit_code) == (None, False, ExitCode.BREACHED)
    assert trials[-1].value == 0.2
    assert "not even 0.2 messages a second: lost == 0 (measured 3)" in found.sentence
    one, _ = look(replace(BY_LISTENERS, start=1), cliff(0))
    assert "not even 1 listener:" in one.sentence


def test_where_the_generator_is_the_limit_nobody_says_that_the_server_was() -> None:
    found, trials = look(BY_RATE, cliff(300, GENERATOR))
    assert (found.fails, found.limited_by, found.exit_code) == (None, "generator", ExitCode.INCONCLUSIVE)
    assert found.holds is not None and 300 / WITHIN <= found.holds <= 300
    assert found.confirmed
    assert max(one.value for one in trials) == 320
    assert "the generator was the limit and not the server" in found.sentence


def test_a_limit_of_the_server_below_that_of_the_generator_is_found() -> None:
    found, _ = look(BY_RATE, lambda value, _: HELD if value <= 200 else MISSED if value < 300 else GENERATOR)
    assert (found.limited_by, found.exit_code) == ("server", ExitCode.PASSED)
    assert found.holds is not None and found.fails is not None and found.holds <= 200 < found.fails < 300


def test_a_generator_that_is_the_limit_everywhere_decides_nothing() -> None:
    found, _ = look(BY_RATE, lambda *_: GENERATOR)
    assert (found.holds, found.exit_code) == (None, ExitCode.INCONCLUSIVE)
    # What was missed at first may have been the generator as well: nothing that could be judged held, nor did it not.
    found, _ = look(BY_RATE, lambda value, _: MISSED if value > 5 else UNDECIDED)
    assert (found.holds, found.exit_code) == (None, ExitCode.INCONCLUSIVE)


def test_a_value_that_was_missed_once_and_undecided_once_is_no_miss() -> None:
    def server(value: float, before: Sequence[Trial]) -> str:
        return HELD if value <= 20 else UNDECIDED if before[-1].value == value else MISSED

    found, _ = look(BY_RATE, server)
    assert (found.holds, found.fails, found.limited_by) == (20, None, "undecided")
    assert found.exit_code is ExitCode.INCONCLUSIVE


def test_one_bad_moment_on_the_way_up_decides_nothing() -> None:
    # Every value misses the first time it is tried, and holds from then on.
    def server(value: float, before: Sequence[Trial]) -> str:
        return (
            MISSED if value > 10 and value not in {one.value for one in before} else cliff(300)(value, before)
        )

    found, _ = look(BY_RATE, server)
    assert found.holds is not None and 300 / WITHIN <= found.holds <= 300
    assert (found.confirmed, found.limited_by) == (True, "server")


def test_what_does_not_hold_when_it_is_run_again_is_not_the_answer() -> None:
    # Each value above 100 holds once; as a lucky moment would have it.
    def server(value: float, before: Sequence[Trial]) -> str:
        lucky = value <= 200 and value not in {one.value for one in before}
        return HELD if value <= 100 or lucky else MISSED

    found, trials = look(BY_RATE, server)
    assert found.holds is not None and found.fails is not None
    assert 100 / WITHIN <= found.holds <= 100 < found.fails <= WITHIN * found.holds
    assert found.confirmed and found.exit_code is ExitCode.PASSED
    assert any(one.role == CONFIRM and one.verdict == MISSED for one in trials)


@pytest.mark.parametrize("every", [2, 3, 4, 5, 7, 11])
@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_on_a_noisy_server_the_answer_is_confirmed_or_says_that_it_is_not(every: int, first: int) -> None:
    found, trials = look(
        BY_RATE, lambda value, before: MISSED if value > 500 or (len(before) + first) % every == 0 else HELD
    )
    if found.confirmed:
        assert found.holds is not None and found.holds <= 500
        again = [one.verdict for one in trials if one.role == CONFIRM and one.value == found.holds]
        assert again == [HELD] * CONFIRMATIONS
    else:
        assert found.exit_code is not ExitCode.PASSED
    # A value that never held is never the answer, and what is said not to hold did not, twice or when it was to be confirmed.
    assert found.holds is None or HELD in {one.verdict for one in trials if one.value == found.holds}
    missed = [one for one in trials if one.value == found.fails and one.verdict == MISSED]
    assert found.fails is None or len(missed) > 1 or missed[0].role == CONFIRM


def test_a_deployment_that_dies_ends_the_search_with_what_there_was() -> None:
    found, trials = look(BY_RATE, cliff(50, DIED))
    assert (found.holds, found.limited_by, found.exit_code) == (40, "died", ExitCode.COULD_NOT_TEST)
    assert trials[-1].value == 80 and not found.confirmed
    assert found.sentence.startswith(
        "at least 40 messages a second; at 80 messages a second the deployment could not"
    )
    assert found.sentence.endswith("it was died. Not confirmed")
    at_once, _ = look(BY_RATE, cliff(0, DIED))
    assert (at_once.holds, at_once.exit_code) == (None, ExitCode.COULD_NOT_TEST)


def test_an_interrupt_ends_it_with_what_there_was() -> None:
    found, _ = look(BY_RATE, cliff(50, INTERRUPTED))
    assert (found.holds, found.limited_by, found.exit_code) == (40, "interrupted", ExitCode.INTERRUPTED)
    assert "interrupted after 4 trials: at least 40 messages a second so far" in found.sentence
    # Between two trials, while nothing is under way.
    _, trials = look(BY_RATE, cliff(50))
    between = proceed(BY_RATE, trials[:2], interrupted=True)
    assert isinstance(between, Answer) and between.exit_code is ExitCode.INTERRUPTED
    nothing = proceed(BY_RATE, [], interrupted=True)
    assert isinstance(nothing, Answer)
    assert (nothing.holds, nothing.sentence) == (None, "interrupted after 0 trials: nothing had held yet")


def test_what_was_held_is_not_given_up_for_an_interrupt_while_it_is_confirmed() -> None:
    def server(value: float, before: Sequence[Trial]) -> str:
        return INTERRUPTED if len(values(before, GROW)) == 2 else HELD

    found, trials = look(replace(BY_RATE, most=20), server)
    assert trials[-1].role == CONFIRM
    assert (found.holds, found.confirmed) == (20, False)


def test_what_cannot_be_tried_is_not_tried_again_and_ends_the_growth() -> None:
    found, trials = look(BY_LISTENERS, cliff(450, REFUSED))
    assert (found.limited_by, found.fails, found.exit_code) == ("refused", None, ExitCode.PASSED)
    assert found.holds is not None and 450 / WITHIN <= found.holds <= 450
    refused = [one.value for one in trials if one.verdict == REFUSED]
    assert len(refused) == len(set(refused))
    assert "could not be tried: it was refused" in found.sentence


def test_a_deployment_that_is_gone_refuses_what_had_held() -> None:
    # Where somebody is asked for their name first, nobody there looks like a wrong address.
    def server(value: float, before: Sequence[Trial]) -> str:
        return HELD if len(before) < 3 else REFUSED

    found, trials = look(BY_RATE, server)
    assert (found.holds, found.limited_by, found.exit_code) == (40, "died", ExitCode.COULD_NOT_TEST)
    assert not found.confirmed
    assert values(trials, CONFIRM) == [40]


def test_where_the_first_is_refused_that_is_what_comes_of_it() -> None:
    found, trials = look(BY_LISTENERS, cliff(0, REFUSED))
    assert len(trials) == 1
    assert (found.holds, found.exit_code) == (None, ExitCode.USAGE)
    assert found.sentence == "100 listeners could not be tried: it was refused"


# -- bounds ---------------------------------------------------------------------------------------------------------------------------


def test_the_trials_are_bounded() -> None:
    found, trials = look(replace(BY_RATE, trials=5), cliff(1e9))
    assert len(trials) == 5
    assert (found.holds, found.limited_by, found.confirmed) == (160, "trials", False)
    assert found.exit_code is ExitCode.INCONCLUSIVE
    assert "the search ended there, after 5 trials. Not confirmed" in found.sentence


def test_no_trial_begins_when_the_time_is_over() -> None:
    found, trials = look(BY_RATE, cliff(1e9), took_s=130.0)
    # Thirty trials of ten seconds each and twenty around them.
    assert sum(one.took_s for one in trials[:-1]) + 10 <= BY_RATE.most_s == 900
    assert len(trials) == 7
    assert (found.holds, found.limited_by, found.exit_code) == (640, "time", ExitCode.INCONCLUSIVE)


def by_rate(value: float, seconds: float) -> Cost:
    """Messages, each a request, heard on twenty sockets."""
    return Cost(20, seconds * value, seconds * value, seconds)


@pytest.mark.parametrize("messages", [300, 1_000, 5_000, 20_000, 33_333])
def test_a_budget_is_for_all_trials_together_and_leaves_room_for_confirmation(messages: float) -> None:
    search = replace(BY_RATE, cost=by_rate, budget=Cost(100, messages, 1e9, 1e9))
    found, trials = look(search, cliff(1e9))
    spent = sum(by_rate(one.value, BY_RATE.lasts(one.role)).messages for one in trials)
    assert spent <= messages
    assert (found.limited_by, found.confirmed, found.exit_code) == ("budget", True, ExitCode.PASSED)
    assert found.sentence.startswith(
        f"at least {search.told(found.holds or 0)}, which is what the deployment's budget"
    )
    # Less than a tenth more would not have been in it.
    assert found.holds is not None
    assert spent + by_rate(found.holds * WITHIN, 10).messages > messages


def test_a_budget_of_sockets_is_of_one_moment() -> None:
    def cost(value: float, _: float) -> Cost:
        return Cost(value + 2, 100, 100, 10)

    found, trials = look(replace(BY_LISTENERS, cost=cost, budget=Cost(500, 1e9, 1e9, 1e9)), cliff(1e9))
    assert all(one.value + 2 <= 500 for one in trials)
    assert found.holds is not None and found.holds > 500 / WITHIN
    assert found.limited_by == "budget"


def test_a_budget_of_seconds_is_of_the_wall_clock() -> None:
    search = replace(BY_RATE, cost=by_rate, budget=Cost(100, 1e9, 1e9, 120))
    found, trials = look(search, cliff(1e9), took_s=25.0)
    assert sum(one.took_s for one in trials) <= 120 + 25
    assert found.limited_by == "budget"
    assert found.holds is not None


def test_a_budget_with_no_room_at_all_tries_nothing() -> None:
    found = proceed(replace(BY_RATE, cost=by_rate, budget=Cost(10, 1e9, 1e9, 1e9)), [])
    assert isinstance(found, Answer)
    assert (found.holds, found.exit_code) == (None, ExitCode.REFUSED)
    assert "no room for a search" in found.sentence


def test_a_refused_trial_has_cost_nothing() -> None:
    def cost(value: float, _: float) -> Cost:
        return Cost(value, 100, 100, 10)

    # Ten trials, of a hundred messages each, and no more.
    search = replace(BY_LISTENERS, cost=cost, budget=Cost(1e9, 1_000, 1e9, 1e9))
    found, trials = look(search, cliff(150, REFUSED))
    assert sum(one.verdict == REFUSED for one in trials) > 2
    assert found.limited_by == "refused" and found.confirmed
