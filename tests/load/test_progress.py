"""How far a load has come, in figures and in words."""

from __future__ import annotations

import pytest

from earwitness.load.ledger import Ledger, Sent
from earwitness.load.numbers import Numbers
from earwitness.load.pacing import Constant, Pace
from earwitness.load.part import Part
from earwitness.load.progress import Progress, progress
from earwitness.load.stamp import Stamp


def part(listener: str, heard: list[int], sends: bool) -> Part:
    made = Part(Ledger("r", {"a": 40}))
    made.ledger.listen(listener, ["a"])
    made.times["connect"].add(1)
    if sends:
        made.ledger.sent["a"] = Sent(issued=9, settled=6, unanswered=Numbers([5]))
    for n in heard:
        made.ledger.hear(listener, Stamp("r", "a", n, n), n)
        made.delivered("a", n, 0, 2_000)
    return made


def test_lost_so_far_is_what_a_deadline_has_passed_for() -> None:
    # 4 is missing here and 2 there; 5 was never acknowledged, and for 7 and later there is still time.
    parts = [part("b/1", [1, 2, 3, 6], sends=True), part("b/2", [1, 3, 4, 6, 7], sends=False)]
    found = progress(parts, {"a": 6}, "sending", 2, Pace(Constant(10), 4), 0.9)
    assert found == Progress("sending", 2, 2, due=9, messages=40, heard=9, lost=2, p99_ms=2.0, left_s=3.1)
    assert Progress.load(found.dump()) == found
    # One of the two has not told since the deadline of 4 was over.
    assert progress(parts, {"a": 3}, "sending", 2, Pace(Constant(10), 4), 0.9).lost == 1


def test_what_would_take_long_to_find_out_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earwitness.load.progress._MOST_MS", 0)
    found = progress([part("b/1", [1], sends=True)], {"a": 6}, "sending", 1, Pace(Constant(10), 4), 0.9)
    assert found.lost is None
    assert "unknown lost so far" in found.line()


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (Progress("opening", 1_200, 3_000), "opening sockets: 1,200 of 3,000"),
        (
            Progress("sending", 302, 302, 124, 200, 37_200, 0, 18.84, 7.6),
            "sending: 302 sockets, 124 of 200 messages due, 37,200 heard, 0 lost so far, p99 18.8 ms, 8 s left",
        ),
        (
            Progress("draining", 2, 2, 20, 20, 0, 3, None),
            "draining: 2 sockets, 20 of 20 messages due, 0 heard, 3 lost so far, p99 -",
        ),
    ],
)
def test_it_is_one_line_for_people(shown: Progress, line: str) -> None:
    assert shown.line() == line
