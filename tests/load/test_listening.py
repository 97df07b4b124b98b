"""What listeners hear is written down in bulk, and comes to the same as if each delivery were written down by itself."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from earwitness.documents import load_documents
from earwitness.load.figures import COARSE, FINE, Histogram
from earwitness.load.hearing import Hearing
from earwitness.load.ledger import Ledger
from earwitness.load.listening import Scribe
from earwitness.load.part import Part
from earwitness.load.stamp import Stamp

DOCUMENTS = load_documents("fe16ops")
CHANNEL = DOCUMENTS.spec.channels["messaging"]
SECOND = 1_000_000_000


def frame(text: str, **changed: object) -> bytes:
    (payload,) = CHANNEL.hears["newMessage"].examples[:1]
    assert isinstance(payload, dict)
    return json.dumps({**payload, "message": {**payload["message"], "content": text, **changed}}).encode()


def scribe() -> tuple[Scribe, Part]:
    part = Part(Ledger("r", {"a1": 50, "a2": 50}))
    return Scribe(part, Hearing(DOCUMENTS.spec, DOCUMENTS.binding)), part


# Listener, sender, number, and microseconds since the one before.
HEARD = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["a1", "a2", "a3"]), st.integers(1, 60), st.integers(0, 300_000)
    ),
    max_size=60,
)


@given(HEARD, st.integers(1, 7))
def test_in_bulk_is_the_same_as_one_by_one(heard: list[tuple[int, str, int, int]], looks: int) -> None:
    scribing, part = scribe()
    listeners = [scribing.listener(f"b1/{n}", "messaging", ("a1",), ("a2",)) for n in range(3)]
    alone = Part(Ledger("r", {"a1": 50, "a2": 50}))
    for n in range(3):
        alone.ledger.listen(f"b1/{n}", ("a1",), ("a2",))
    scribing.start, at = SECOND, SECOND
    for count, (listener, sender, number, later) in enumerate(heard):
        stamp, at = Stamp("r", sender, number, SECOND), at + later * 1_000
        listeners[listener].hear(frame(stamp.text(80)), at, False)
        if alone.ledger.hear(f"b1/{listener}", stamp, at):
            alone.delivered(sender, number, (at - SECOND) // SECOND, (at - SECOND) // 1_000)
        if not count % looks:
            scribing.settle()
    scribing.settle()
    dump, expected = part.dump(), alone.dump()
    contract = dump.pop("contract"), expected.pop("contract")
    assert dump == expected
    assert contract[0] == {
        "counts": [len(heard), len({(sender, number) for _, sender, number, _ in heard}), 0, 0], "found": {}
    }  # fmt: skip


def test_what_waits_is_bounded() -> None:
    scribing, part = scribe()
    for n in range(1_000):
        listener = scribing.listener(f"b1/{n}", "messaging", ("a1",), ())
        listener.hear(frame(Stamp("r", "a1", 1, 0).text(80)), 5_000, False)
    assert 1_000 - part.times["delivery"].n <= 512


def test_what_counts_is_said_and_how_long_it_had_waited_goes_with_its_second() -> None:
    scribing, part = scribe()
    scribing.start = 1_000_000_000
    listener = scribing.listener("b1/1", "messaging", ("a1",), ())
    first, again = (frame(Stamp("r", "a1", 1, 0).text(80)) for _ in range(2))
    assert listener.hear(first, 3_500_000_000, False)
    # A second copy has no latency, nor has what is no message or comes after the end.
    assert not listener.hear(again, 3_500_000_000, False)
    assert not listener.hear(b"{}", 3_500_000_000, False)
    scribing.lagged(3_500_000_000, 4_000_999, 3, True)
    scribing.settle()
    scribing.is_over = True
    assert not listener.hear(frame(Stamp("r", "a1", 2, 0).text(80)), 3_600_000_000, False)
    assert (part.times["self-lag"].n, part.times["self-lag"].max, part.bounded) == (3, 4_000, 3)
    assert {second: row.lagged.n for second, row in part.seconds.items() if row.lagged.n} == {2: 3}


def test_seconds_in_which_nothing_was_heard_may_lie_between() -> None:
    scribing, part = scribe()
    listener = scribing.listener("b1/1", "messaging", ("a1",), ())
    for number, second in ((1, 0), (2, 4)):
        listener.hear(frame(Stamp("r", "a1", number, 0).text(80)), second * 10**9 + 5, False)
    scribing.settle()
    assert {second: row.heard.n for second, row in part.seconds.items()} == {0: 1, 4: 1}


def test_what_breaks_the_contract_is_counted_each_time() -> None:
    scribing, part = scribe()
    bad = frame(Stamp("r", "a1", 1, 0).text(80), is_edited="no")
    for n in range(3):
        scribing.listener(f"b1/{n}", "messaging", ("a1",), ()).hear(bad, 5_000, False)
    (found,) = part.contract.found.values()
    assert (part.contract.frames, part.contract.distinct, part.contract.invalid, found.count) == (3, 1, 3, 3)


def test_a_binary_frame_is_not_taken_for_the_text_of_the_same_bytes() -> None:
    scribing, part = scribe()
    listener = scribing.listener("b1/1", "messaging", ("a1",), ())
    for sequence, binary in ((1, False), (1, True)):
        listener.hear(frame(Stamp("r", "a1", sequence, 0).text(80)), 5_000, binary)
    # No client would have read it: a text that nobody sent.
    assert part.ledger.judge().counts["corrupted"] == 1
    assert part.contract.invalid == 1


def test_after_the_end_nothing_is_written_down() -> None:
    scribing, part = scribe()
    listener = scribing.listener("b1/1", "messaging", ("a1",), ())
    listener.hear(frame(Stamp("r", "a1", 1, 0).text(80)), 5_000, False)
    scribing.is_over = True
    for number in (1, 2):
        listener.hear(frame(Stamp("r", "a1", number, 0).text(80)), 5_000, False)
    scribing.settle()
    assert part.contract.frames == part.times["delivery"].n == 1
    assert part.ledger.judge().counts["duplicated"] == 0


@given(st.lists(st.integers(-10, 10**9), max_size=100), st.sampled_from([FINE, COARSE]))
def test_many_values_at_once_are_as_many_one_by_one(values: list[int], bits: int) -> None:
    together, alone = Histogram(bits), Histogram(bits)
    together.add_all(values)
    for value in values:
        alone.add(value)
    assert together.dump() == alone.dump()
