"""What is missing so far is counted the short way, and comes to what the long way finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earwitness.load.lacking import lacking, settled
from earwitness.load.ledger import Ledger, Sent
from earwitness.load.numbers import Numbers, size
from earwitness.load.stamp import Stamp

LISTENERS, SENDERS = [f"b/{n}" for n in range(4)], ["a1", "a2", "a3"]
SENT = st.builds(
    lambda issued, settled, unanswered, refused: Sent(issued, settled, Numbers(unanswered), Numbers(refused)),
    st.integers(0, 12), st.integers(0, 12), st.lists(st.integers(1, 12), max_size=2), st.lists(st.integers(1, 12), max_size=1),
)  # fmt: skip
PLAIN = st.builds(Sent, st.integers(0, 12), st.integers(0, 12))


@given(
    st.lists(st.sets(st.sampled_from(SENDERS)), min_size=4, max_size=4),
    st.lists(
        st.tuples(st.sampled_from(LISTENERS), st.sampled_from(SENDERS), st.integers(1, 14)), max_size=60
    ),
    st.dictionaries(st.sampled_from(SENDERS), SENT | PLAIN),
    st.sets(st.sampled_from(LISTENERS), max_size=1),
)
def test_the_short_way_counts_what_the_long_way_finds(
    must: list[set[str]], heard: list[tuple[str, str, int]], sent: dict[str, Sent], away: set[str]
) -> None:
    ledger = Ledger("r", dict.fromkeys(SENDERS, 14))
    for listener, senders in zip(LISTENERS, must, strict=True):
        ledger.listen(listener, senders)
    for at, (listener, sender, sequence) in enumerate(heard):
        ledger.hear(listener, Stamp("r", sender, sequence, 0), at)
        # A sender of whom nobody has heard yet may be looked up before.
        ledger.hearers(Stamp("r", "a1", 1, 0))
    for listener in away:
        ledger.dropped(listener, 0)
    for of in (sent, settled(sent, dict.fromkeys(sent, 9))):
        assert lacking([ledger], of, most_ms=1_000) == (sum(size([run]) for *_, run in ledger.missing(of)),)


def test_what_is_settled_is_what_had_its_deadline_and_was_told() -> None:
    sent = {"a": Sent(issued=9, settled=6), "b": Sent(issued=9, settled=6), "c": Sent(issued=9, settled=6)}
    assert {name: out.issued for name, out in settled(sent, {"a": 4, "b": 8}).items()} == {
        "a": 4,
        "b": 6,
        "c": 0,
    }


def test_where_all_was_acknowledged_it_takes_little() -> None:
    ledger = Ledger("r", {"a": 1, "b": 1})
    for n in range(1_000):
        ledger.listen(f"c/{n}", ["a", "b"])
    acknowledged = {"a": Sent(1), "b": Sent(1)}
    refused = {"a": Sent(1), "b": Sent(1, refused=Numbers([1]))}
    assert lacking([ledger], acknowledged, most_ms=0.41) == (2_000,)
    assert lacking([ledger], acknowledged, acknowledged, most_ms=0.41) == (None, None)
    assert lacking([ledger, ledger], acknowledged, most_ms=0.81) == (4_000,)
    assert lacking([ledger], refused, most_ms=5.1) == (None,)
    assert lacking([ledger], refused, most_ms=5.21) == (1_000,)
    ledger.dropped("c/1", 0)
    assert lacking([ledger], acknowledged, most_ms=9.9) == (None,)
