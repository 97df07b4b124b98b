"""The ledger finds exactly what was planted, whoever kept which part of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
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
