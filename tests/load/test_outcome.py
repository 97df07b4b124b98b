"""What figures, service levels and endings come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from earwitness.errors import ExitCode
from earwitness.load.ledger import Ledger, Sent
from earwitness.load.outcome import Circumstances, outcome, summary
from earwitness.load.part import Part
from earwitness.load.profile import load_profile
from earwitness.load.slo import parse_slo
from earwitness.load.stamp import Stamp

ABOUT = Circumstances("fe16ops", "here", "r", "only pairs", start=0)
PROFILE = replace(
    load_profile("smoke"),
    slos=tuple(map(parse_slo, ("lost == 0", "delivery p99 < 5 ms"))),
    seconds=4.0,
    rate=1.0,
)


def part(heard: list[int], late_us: int = 1_000, cpu: float = 0.1) -> Part:
    made = Part(Ledger("r", {"a": 4}))
    for name in ("b/1", "b/2"):
        made.ledger.listen(name, ["a"])
    made.ledger.sent["a"] = Sent(0, 1e9, 4, 4)
    made.cpu = cpu
    for n in range(1, 5):
        made.acknowledged(n - 1, 500)
        for name, skips in (("b/1", False), ("b/2", n not in heard)):
            if not skips and made.ledger.hear(name, Stamp("r", "a", n, (n - 1) * 10**9), n):
                made.delivered("a", n, n - 1, late_us)
    return made


def judged(made: Part, **about: Any) -> tuple[ExitCode, dict[str, Any]]:
    return outcome(PROFILE, Part.load(made.dump()), replace(ABOUT, **about))


def test_all_heard_in_time_passes() -> None:
    code, record = judged(part([1, 2, 3, 4]))
    assert code is ExitCode.PASSED
    assert (record["audit"]["expected"], record["audit"]["heard"]) == (8, 8)
    assert record["last_listener_ms"] == {"p50": 1.0, "p99": 1.0, "max": 1.0}
    assert record["rate"] == {"offered": 1.0, "achieved": 1.0}
    assert record["anomalies"] == []


def test_a_loss_breaches_and_is_shown_with_who_what_and_when() -> None:
    code, record = judged(part([1, 2, 4]))
    assert code is ExitCode.BREACHED
    assert record["audit"]["lost"] == 1
    assert record["anomalies"] == [
        {"kind": "lost", "sender": "a", "sequence": 3, "at_s": 2.0, "listeners": ["b/2"]}
    ]
    assert "  LOST  message 3 of a, due at 2.000 s: b/2" in list(summary(record))


def test_a_late_message_breaches_unless_the_generator_was_the_limit() -> None:
    assert judged(part([1, 2, 3, 4], late_us=9_000))[0] is ExitCode.BREACHED
    code, record = judged(part([1, 2, 3, 4], late_us=9_000, cpu=0.97))
    assert code is ExitCode.INCONCLUSIVE
    assert [slo["held"] for slo in record["slo"]] == [True, None]
    assert record["generator"]["trust"].startswith("not at all for times")


def test_a_loss_stays_a_loss_however_busy_the_generator_was() -> None:
    assert judged(part([1, 2, 4], cpu=0.97))[0] is ExitCode.BREACHED


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        ("interrupted", ExitCode.INTERRUPTED),
        ("died", ExitCode.COULD_NOT_TEST),
        ("inconclusive", ExitCode.INCONCLUSIVE),
    ],
)
def test_the_way_it_ended_counts(ended: str, code: ExitCode) -> None:
    found, record = judged(part([1, 2, 3, 4]), ended=ended, reason="so it was\x1b[2J", drained=False)
    assert found is code
    assert list(summary(record))[-1] == f"  {ended}: so it was?[2J"


def test_nothing_heard_is_no_success() -> None:
    assert judged(Part(Ledger("r", {"a": 4})))[0] is ExitCode.INCONCLUSIVE
