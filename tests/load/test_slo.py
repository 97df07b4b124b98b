"""Service levels: what can be said, and that nothing misspelt passes."""

from __future__ import annotations

import pytest

from earwitness.errors import UsageError, Where
from earwitness.load.slo import judge_slo, parse_slo


@pytest.mark.parametrize(
    ("text", "figure", "measured", "held"),
    [
        ("lost == 0", "lost", 0.0, True),
        ("lost == 0", "lost", 1.0, False),
        ("delivery p99 < 200 ms", "delivery p99", 199.9, True),
        ("delivery p99 < 200 ms", "delivery p99", 200.0, False),
        ("delivery p99.9 <= 0.5 s", "delivery p99.9", 500.0, True),
        ("last-listener max<900us", "last-listener max", 0.8, True),
        ("achieved >= 95 %", "achieved", 94.0, False),
        ("recovered > 2", "recovered", 3.0, True),
    ],
)
def test_a_service_level_is_held_or_not(text: str, figure: str, measured: float, held: bool) -> None:
    result = judge_slo(parse_slo(text), {figure: measured})
    assert (result.held, result.measured) == (held, measured)


def test_what_was_not_measured_is_neither() -> None:
    assert judge_slo(parse_slo("delivery p99 < 1 s"), {"delivery p99": None}).held is None
    assert judge_slo(parse_slo("delivery p99 < 1 s"), {}).held is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delivry p99 < 200 ms", "did you mean 'delivery'?"),
        ("delivery p95 < 200 ms", "no statistic 'p95'"),
        ("delivery < 200 ms", "which statistic of delivery?"),
        ("delivery p99 < 200 msec", "did you mean 'ms'?"),
        ("delivery p99 < 200", "delivery needs a unit"),
        ("delivery p99 => 200 ms", "'=>' compares nothing"),
        ("lost p99 == 0", "lost is one number"),
        ("lost == 0 ms", "does not fit lost"),
        ("achieved >= 95", "achieved needs a unit"),
        ("lost", "is no service level"),
        ("lost = 0", "compares nothing"),
    ],
)
def test_a_misspelt_one_is_an_error_with_its_place(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_slo(text, Where("mine.yaml", 7))
    assert words in str(caught.value)
    assert "mine.yaml:7" in str(caught.value)
