"""Clocks that are apart: the bound that is said holds whatever messages took, and what is finer is not said."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.errors import ExitCode
from earwitness.load.clock import DRIFT, Clocks, Offset, clocks_of
from earwitness.load.ledger import Ledger, Sent
from earwitness.load.outcome import Circumstances, outcome
from earwitness.load.part import Part
from earwitness.load.profile import load_profile
from earwitness.load.slo import parse_slo
from earwitness.load.stamp import Stamp

MS = 1_000_000
TRANSITS = st.lists(st.tuples(st.integers(0, 40 * MS), st.integers(0, 40 * MS)), min_size=1, max_size=5)
APART = st.integers(-(10**15), 10**15)


def seen(
    apart: int, before: list[tuple[int, int]], after: list[tuple[int, int]], drift: float = 0.0
) -> Offset:
    """What a conductor learns of a process whose clock is ``apart`` behind its own, from messages that took so long up and down; the
    process's clock runs faster by the share ``drift``."""
    made, now = Offset(), 10**9

    def theirs(at: int) -> int:
        return round(at - apart + drift * at)

    for sightings, transits in ((made.before, before), (made.after, after)):
        for up, down in transits:
            sightings.came(theirs(now), now + up)
            sightings.went(now + up, theirs(now + up + down))
            now += 10**9
        now += 60 * 10**9
    return made


@given(APART, TRANSITS, TRANSITS)
def test_the_estimate_is_as_near_to_the_truth_as_it_says(
    apart: int, before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    found = seen(apart, before, after)
    bound = found.bound(0)
    assert bound is not None
    assert abs(found.estimate() - apart) <= bound + 1


@given(APART, TRANSITS)
def test_the_fastest_way_there_and_back_is_what_counts(apart: int, transits: list[tuple[int, int]]) -> None:
    bound = seen(apart, transits, transits).bound(0)
    best = min(up for up, _ in transits) + min(down for _, down in transits)
    assert bound is not None
    assert bound <= best / 2 + DRIFT * 20e9 + 1


@given(APART, TRANSITS, TRANSITS, st.floats(-DRIFT, DRIFT))
def test_it_says_so_of_clocks_that_drift_as_well(
    apart: int, before: list[tuple[int, int]], after: list[tuple[int, int]], drift: float
) -> None:
    found = seen(apart, before, after, drift)
    bound = found.bound(0)
    assert bound is not None
    assert found.after.first is not None
    # From the last message before the load to the first after it, which is when anything is measured.
    for at in (found.before.latest, 40 * 10**9, found.after.first):
        assert abs(found.estimate() - (apart - drift * at)) <= bound + 2


def test_without_a_second_look_the_clocks_may_have_drifted_all_the_time() -> None:
    found = seen(5, [(MS, MS)], [])
    early, late = found.bound(10**9), found.bound(10**9 + 100 * 10**9)
    assert early is not None and late is not None
    assert late - early == pytest.approx(DRIFT * 100e9, rel=0.01)


def test_a_clock_that_was_set_meanwhile_is_noticed() -> None:
    found = seen(0, [(MS, MS), (MS, MS)], [(MS, MS)])
    found.before.came(10**9, 10**9 - 30 * MS)
    assert found.bound(0) is None
    assert Offset().bound(0) is None
    refused = clocks_of(2, [4.0, None])
    assert math.isinf(refused.bound) and "cannot be compared" in refused.reason


def test_the_two_least_sure_count_and_one_machine_has_one_clock() -> None:
    assert clocks_of(3, [2.0, 7.0, 5.0]) == Clocks(3, 12.0)
    assert clocks_of(1, []) == Clocks()


# -- what it means for latencies ----------------------------------------------------------------------------------------------

# One process sends, two hear; their clocks are this much behind the conductor's, and each message takes this long.
BEHIND = {"sends": 77 * 3_600 * 10**9, "hears": -12_345_678_901, "hears too": 0}
TOOK = {"hears": 9 * MS, "hears too": 14 * MS}
START = 500 * 10**9


def parts(transits: dict[str, tuple[int, int]]) -> tuple[list[Part], Clocks]:
    """What the processes report of four messages, going by estimates of such transits; and what is known of their clocks."""
    offsets = {name: seen(apart, [transits[name]], [transits[name]]) for name, apart in BEHIND.items()}
    guess = {name: found.estimate() for name, found in offsets.items()}
    made = []
    for name in BEHIND:
        part = Part(Ledger("r", {"a": 4}))
        if name == "sends":
            part.ledger.sent["a"] = Sent(4, 4)
        else:
            part.ledger.listen(name, ["a"])
        made.append(part)
    for number in range(1, 5):
        due = START + (number - 1) * 10**9
        # It leaves when the sender takes it for due, and arrives by the true time; each reads its own clock.
        truly_sent = (due - guess["sends"]) + BEHIND["sends"]
        made[0].acknowledged(number - 1, 500)
        for name, part in zip(list(BEHIND)[1:], made[1:], strict=True):
            at = truly_sent + TOOK[name] - BEHIND[name]
            stamp = Stamp("r", "a", number, due - guess[name])
            assert part.ledger.hear(name, stamp, at)
            part.delivered("a", number, number - 1, (at - stamp.due) // 1_000)
    for name, part in zip(BEHIND, made, strict=True):
        part.rebase(START - guess[name])
    clocks = clocks_of(3, [found.bound(0) for found in offsets.values()])
    return [Part.load(json.loads(json.dumps(part.dump()))) for part in made], clocks


def judged(transits: dict[str, tuple[int, int]], *slos: str) -> tuple[ExitCode, dict[str, object], Clocks]:
    made, clocks = parts(transits)
    whole = Part(Ledger("r", {"a": 4}))
    for part in made:
        whole.merge(part)
    profile = replace(load_profile("smoke"), slos=tuple(map(parse_slo, slos)), seconds=4.0, rate=1.0)
    about = Circumstances("fe16ops", "here", "r", "", senders=("a",), clocks=clocks)
    code, record = outcome(profile, whole, about)
    return code, dict(record), clocks


@pytest.mark.parametrize(
    ("up", "down", "own"), list(product((0, 100_000, 4 * MS), (0, 2 * MS), ((0, 0), (50_000, 3 * MS))))
)
def test_latencies_are_right_within_the_bound_that_is_said(up: int, down: int, own: tuple[int, int]) -> None:
    transits = {"sends": (up, down), "hears": own, "hears too": (0, 0)}
    code, record, clocks = judged(transits, "lost == 0", "delivery p99 < 1 s")
    assert code is ExitCode.PASSED
    latency, last = record["latency_ms"], record["last_listener_ms"]
    assert isinstance(latency, dict) and isinstance(last, dict)
    assert clocks.bound_ms < 9
    for stat, true in (("p50", 9), ("max", 14)):
        assert abs(latency[stat] - true) <= clocks.bound_ms + true / 256 + 0.001
    assert abs(last["p50"] - 14) <= clocks.bound_ms + 14 / 256 + 0.001
    told = record["clocks"]
    assert isinstance(told, dict) and told["bound_ms"] == clocks.bound_ms
    assert f"{clocks.bound_ms:g} ms more or less" in told["trust"]


def test_what_is_finer_than_the_clocks_is_left_out_and_a_service_level_near_it_is_undecided() -> None:
    # Half of 60 ms there and back: nobody can tell 9 from 14 ms.
    transits = {"sends": (0, 60 * MS), "hears": (0, 0), "hears too": (0, 0)}
    code, record, clocks = judged(
        transits,
        "lost == 0",
        "delivery p99 < 20 ms",
        "delivery p99 < 1 s",
        "delivery max > 1 s",
        "answer p50 < 1 ms",
    )
    assert clocks.bound_ms == pytest.approx(30, abs=0.01)
    assert code is ExitCode.BREACHED
    slos = record["slo"]
    assert isinstance(slos, list)
    assert [one["held"] for one in slos] == [True, None, True, False, True]
    latency, series = record["latency_ms"], record["series"]
    assert isinstance(latency, dict) and isinstance(series, dict)
    assert all(value is None or value >= clocks.bound_ms for value in [*latency.values(), *series["max_ms"]])
    # Who sends and who is answered has one clock.
    assert record["answer_ms"] == {"p50": 0.5, "p90": 0.5, "p99": 0.5, "p999": 0.5, "max": 0.5}


def test_clocks_that_cannot_be_compared_leave_no_latencies_and_say_why() -> None:
    part = Part(Ledger("r", {"a": 1}))
    part.ledger.sent["a"] = Sent(1, 1)
    part.ledger.listen("b/1", ["a"])
    part.ledger.hear("b/1", Stamp("r", "a", 1, 0), 5)
    part.acknowledged(0, 5)
    part.delivered("a", 1, 0, 5)
    profile = replace(
        load_profile("smoke"), slos=(parse_slo("lost == 0"), parse_slo("delivery p99 < 1 s")), seconds=1.0
    )
    about = Circumstances("fe16ops", "here", "r", "", senders=("a",), clocks=clocks_of(2, [None]))
    code, record = outcome(profile, part, about)
    assert code is ExitCode.INCONCLUSIVE
    assert record["latency_ms"] == dict.fromkeys(("p50", "p90", "p99", "p999", "max"))
    assert record["distribution"] == []
    clocks = record["clocks"]
    assert isinstance(clocks, dict)
    assert clocks["bound_ms"] is None and "cannot be compared" in str(clocks["trust"])
    assert json.loads(json.dumps(record, allow_nan=False))
