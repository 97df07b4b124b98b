"""The ledger finds exactly what was planted, whoever kept which part of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earwitness.load.ledger import Audit, Ledger, Sent
from earwitness.load.numbers import Numbers
from earwitness.load.stamp import Stamp

N = 60


def stamp(sequence: int, sender: str = "a", run: str = "r") -> Stamp:
    return Stamp(run, sender, sequence, sequence * 1_000)


def ledger(
    *listeners: str,
    issued: int = N,
    spoken: bool = False,
    unanswered: Iterable[int] = (),
    refused: Iterable[int] = (),
) -> Ledger:
    made = Ledger("r", {"a": N, "z": N})
    for name in listeners:
        made.listen(name, ["a"], ["own"])
    made.sent["a"] = Sent(issued, issued, Numbers(unanswered), Numbers(refused), spoken)
    return made


def judged(made: Ledger, drained: bool = True) -> Audit:
    return made.judge(drained, lambda sender, sequence: sequence * 1_000)


def counts(made: Ledger, drained: bool = True) -> dict[str, int]:
    return {kind: count for kind, count in made.judge(drained).counts.items() if count}


def heard(made: Ledger, numbers: list[int], listener: str = "b/1") -> Ledger:
    for at, number in enumerate(numbers):
        made.hear(listener, stamp(number), at)
    return made


@given(
    st.sets(st.integers(1, N)),
    st.sets(st.integers(1, N)),
    st.sets(st.integers(0, N // 2 - 1)),
)
def test_planted_losses_copies_and_swaps_are_found_exactly(
    lost: set[int], twice: set[int], swaps: set[int]
) -> None:
    order = [n for n in range(1, N + 1) if n not in lost]
    swapped = 0
    for pair in swaps:
        if 2 * pair + 1 < len(order):
            order[2 * pair], order[2 * pair + 1] = order[2 * pair + 1], order[2 * pair]
            swapped += 1
    stream = [n for number in order for n in ([number, number] if number in twice else [number])]
    made = heard(ledger("b/1"), stream)
    audit = judged(made)
    wanted = {"lost": len(lost), "duplicated": len(twice - lost), "reordered": swapped}
    assert counts(made) == {kind: count for kind, count in wanted.items() if count}
    assert (audit.expected, audit.heard) == (N, N - len(lost))
    assert {a.sequence for a in audit.anomalies if a.kind == "lost"} == lost
    assert {a.sequence for a in audit.anomalies if a.kind == "duplicated"} == twice - lost
    assert all(a.at == a.sequence * 1_000 for a in audit.anomalies if a.kind == "lost")


@given(st.lists(st.lists(st.integers(1, N + 3), max_size=80), min_size=3, max_size=3))
def test_it_does_not_matter_in_which_order_ledgers_are_merged(streams: list[list[int]]) -> None:
    def part(i: int) -> Ledger:
        made = Ledger("r", {"a": N})
        made.listen(f"b/{i}", ["a"])
        if i == 0:
            made.sent["a"] = Sent(N, N, Numbers([5]), Numbers([6]))
        return heard(made, streams[i], f"b/{i}")

    judged = []
    for order in permutations(range(3)):
        whole = Ledger("r", {})
        for i in order:
            whole.merge(Ledger.load(json.loads(json.dumps(part(i).dump()))))
        judged.append(whole.judge())
    assert all(one == judged[0] for one in judged)


def test_a_swapped_pair_is_one_reorder() -> None:
    assert counts(heard(ledger("b/1", issued=4), [1, 3, 2, 4])) == {"reordered": 1}


def test_a_copy_of_a_late_one_is_a_duplicate() -> None:
    assert counts(heard(ledger("b/1", issued=3), [1, 3, 2, 2, 1])) == {"reordered": 1, "duplicated": 2}


def test_what_was_never_acknowledged_is_not_expected_but_recovered() -> None:
    made = heard(ledger("b/1", "b/2", issued=3, unanswered={2}), [1, 2, 3])
    heard(made, [1, 3], "b/2")
    assert counts(made) == {"recovered": 1}
    assert made.judge().expected == 4


def test_what_was_refused_or_never_sent_is_a_phantom() -> None:
    assert counts(heard(ledger("b/1", issued=3, refused={2}), [1, 2, 3, 4])) == {"phantom": 2}
    made = ledger("b/1", issued=0)
    assert not made.hear("b/1", stamp(1, run="other"), 1)
    assert not made.hear("b/1", stamp(10**8), 2)
    assert not made.hear("b/1", stamp(1, "nobody"), 3)
    assert counts(made) == {"phantom": 3}


def test_what_is_not_for_a_listener_is_misdelivered_each_time() -> None:
    made = ledger("b/1", issued=0)
    made.planned["own"] = N
    assert not made.hear("b/1", stamp(1, "z"), 7)
    assert not made.hear("b/1", stamp(1, "z"), 8)
    assert not made.hear("b/1", stamp(1, "own"), 9)
    assert counts(made) == {"misdelivered": 2}
    assert [(a.at, a.listener, a.sender, a.sequence) for a in made.judge().anomalies] == [
        (7, "b/1", "z", 1),
        (8, "b/1", "z", 1),
    ]


def test_a_text_that_nobody_sent_so_is_corrupted() -> None:
    made = ledger("b/1", issued=0)
    made.hear("b/1", None, 1)
    assert counts(made) == {"corrupted": 1}


def test_without_a_drain_what_is_under_way_is_not_expected() -> None:
    made = heard(ledger("b/1", issued=10), [1, 2, 4, 5])
    made.sent["a"].settled = 4
    assert counts(made, drained=False) == {"lost": 1}
    audit = made.judge(drained=False)
    assert (audit.expected, audit.heard) == (5, 4)


def test_complete_is_when_all_that_was_acknowledged_is_heard() -> None:
    made = heard(ledger("b/1", issued=3, unanswered={3}), [1])
    assert not made.is_complete(made.sent)
    heard(made, [2])
    assert made.is_complete(made.sent)


def test_counts_stay_exact_where_the_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earwitness.load.ledger.MOST", 5)
    made = heard(ledger("b/1", issued=1), [1] * 31)
    assert counts(made) == {"duplicated": 30}
    assert [a.at for a in made.judge().anomalies] == [1, 2, 3, 4, 5]


def test_two_ledgers_of_one_listener_are_an_error() -> None:
    with pytest.raises(ValueError, match="b/1"):
        ledger("b/1").merge(Ledger.load(ledger("b/1").dump()))


def test_what_nothing_acknowledged_on_a_socket_was_taken_if_one_listener_heard_it() -> None:
    made = heard(ledger("b/1", "b/2", issued=4, spoken=True, unanswered={2, 3}), [1, 2, 4])
    heard(made, [1, 4], "b/2")
    # 2 was taken, so b/2 should have heard it; whether 3 was, nobody knows.
    audit = made.judge()
    assert counts(made) == {"lost": 1}
    assert (audit.expected, audit.heard) == (6, 5)
    assert [(a.listener, a.sequence) for a in audit.anomalies] == [("b/2", 2)]
    assert Ledger.load(json.loads(json.dumps(made.dump()))).judge() == audit


def test_a_doubt_reaches_back_one_deadline() -> None:
    sent = Sent(spoken=True)
    for sequence, at in ((1, 0), (2, 40), (3, 100), (4, 130)):
        sent.issued = sequence
        if sequence == 3:
            sent.refused.add(sequence)
        sent.done(sequence, at, deadline_ns=50)
    assert sent.settled == 2
    sent.doubt(160, deadline_ns=50)
    assert set(sent.unanswered) == {4}
    sent.doubt(140, deadline_ns=50)
    assert set(sent.unanswered) == {4}
    sent.doubt(500, deadline_ns=50)
    assert set(sent.unanswered) == {4}


def test_of_a_process_that_died_only_what_it_reported_counts() -> None:
    # Its last report said that four were sent, the third unanswered; the listener of another process has heard more since.
    made = heard(ledger("b/1", "b/2", issued=4, unanswered={3}), [1, 2, 3, 4, 5])
    made.sent["a"].settled = 2
    heard(made, [2], "b/2")
    made.gone(["b/2"])
    assert counts(made, drained=False) == {}
    audit = made.judge(drained=False)
    assert (audit.expected, audit.heard) == (4, 4)
    assert counts(made) == {"recovered": 1, "phantom": 1}


# -- against a model that keeps everything ------------------------------------------------------------------------------------

# What one listener hears of a sender's messages 1, 2, …: each of them is as it must be, or not.
FATES = st.sampled_from(
    ("fine",) * 12
    + ("lost", "twice", "late", "much later", "unanswered", "unanswered, heard", "refused", "refused, heard")
)


def told(fates: list[str], chance: Random) -> list[int]:
    """The numbers in the order in which they are heard."""
    keys: list[tuple[float, int]] = []
    for number, fate in enumerate(fates, start=1):
        if fate in ("lost", "unanswered", "refused"):
            continue
        behind = {"late": 1.5, "much later": chance.uniform(2, 2 + len(fates))}.get(fate, 0.0)
        keys.append((number + behind, number))
        if fate == "twice":
            keys.append((number + chance.choice((0.2, 3.3, 200.0)), number))
    return [number for _, number in sorted(keys)]


def naive(fates: list[str], stream: list[int]) -> dict[str, int]:
    """What is wrong, by its definition, from all that was heard."""
    seen: set[int] = set()
    wrong: Counter[str] = Counter()
    for number in stream:
        if number in seen:
            wrong["duplicated"] += 1
        elif any(n > number for n in seen) and number < max(seen):
            wrong["reordered"] += 1
        seen.add(number)
    for number, fate in enumerate(fates, start=1):
        is_refused, is_unanswered = fate.startswith("refused"), fate.startswith("unanswered")
        if number in seen and (is_refused or is_unanswered):
            wrong["phantom" if is_refused else "recovered"] += 1
        if number not in seen and not is_refused and not is_unanswered:
            wrong["lost"] += 1
    return dict(wrong)


@settings(max_examples=25)
@given(st.lists(FATES, min_size=1, max_size=40), st.integers(1, 25), st.randoms(use_true_random=False))
def test_it_finds_what_a_model_that_keeps_everything_finds(
    pattern: list[str], times: int, chance: Random
) -> None:
    # Up to a thousand messages, heard by twenty listeners.
    fates = pattern * times
    kinds = {"unanswered": Numbers(), "refused": Numbers()}
    for number, fate in enumerate(fates, start=1):
        if (of := kinds.get(fate.partition(",")[0])) is not None:
            of.add(number)
    made, wanted = Ledger("r", {"a": len(fates)}), Counter[str]()
    made.sent["a"] = Sent(len(fates), len(fates), kinds["unanswered"], kinds["refused"])
    for i in range(20):
        made.listen(f"b/{i}", ["a"])
        stream = told(fates, chance)
        wanted.update(naive(fates, stream))
        heard(made, stream, f"b/{i}")
    assert counts(made) == {kind: count for kind, count in wanted.items() if count}
    assert judged(made).heard == judged(made).expected - wanted["lost"]
    assert judged(Ledger.load(json.loads(json.dumps(made.dump())))) == judged(made)


# -- who drops and returns ------------------------------------------------------------------------------------------------------


def stormy(issued: int = 20, settled: int = 8) -> Ledger:
    """One listener that hears 1 to 10, drops when 8 had had its deadline, and is back when 12 were due."""
    made = ledger("b/1", issued=issued)
    heard(made, [1, 2, 3, 4, 5, 6, 7, 8])
    made.about_to_drop("b/1")
    heard(made, [9, 10])
    made.dropped("b/1", 0)
    made.returned("b/1", 0, lambda sender: 12)
    made.sent["a"].dropped[0] = settled
    return made


def test_what_was_said_while_a_listener_was_away_is_not_due() -> None:
    audit = judged(heard(stormy(), list(range(13, 21))))
    assert (audit.expected, audit.heard, counts(stormy())) == (16, 16, {"lost": 8})
    # If it hears it nevertheless, nothing is wrong.
    assert counts(heard(stormy(), list(range(11, 21)))) == {}


def test_what_is_lost_before_or_after_is_lost() -> None:
    made = heard(stormy(settled=10), [13, 14, 16, 17, 18, 19, 20])
    made.windows["a"]["b/1"].gaps.add(7)
    assert [one.sequence for one in judged(made).anomalies] == [7, 15]
    assert counts(made) == {"lost": 2}
    assert judged(Ledger.load(json.loads(json.dumps(made.dump())))) == judged(made)


def test_a_new_socket_may_hear_the_latest_again_once_and_nothing_older() -> None:
    made = heard(stormy(), [9, 10, *range(13, 21)])
    assert counts(made) == {}
    assert counts(heard(made, [9])) == {"duplicated": 1}
    assert counts(heard(stormy(), [8, *range(13, 21)])) == {"duplicated": 1}


def test_a_sender_that_has_not_told_yet_excuses_all_before() -> None:
    made = stormy()
    made.windows["a"]["b/1"].gaps.add(3)
    made.sent["a"].dropped.clear()
    heard(made, list(range(13, 21)))
    assert (counts(made), judged(made).expected) == ({}, 8)


def test_who_is_not_back_misses_nothing_from_then_on() -> None:
    made = ledger("b/1", issued=20)
    heard(made, [1, 2, 3, 5, 6])
    made.dropped("b/1", 0)
    made.sent["a"].dropped[0] = 5
    assert (counts(made), judged(made).expected) == ({"lost": 1}, 5)


def test_a_sender_tells_what_had_its_deadline_before_sockets_dropped() -> None:
    sent = Sent()
    sent.expect([100, 200, 900])
    for sequence, at in ((1, 10), (2, 49), (3, 51), (4, 120), (5, 149), (6, 151), (7, 260)):
        sent.done(sequence, at, deadline_ns=50)
    # 2 was answered 51 before the first time and 3 only 49; the last is still to come when all is sent.
    assert sent.dropped == {0: 2, 1: 5}
    sent.over(deadline_ns=50)
    assert sent.dropped == {0: 2, 1: 5, 2: 7}
