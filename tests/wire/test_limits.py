"""Budgets end a run with a sentence, not by accident."""

from __future__ import annotations

import pytest

from earwitness.errors import CouldNotTest
from earwitness.wire import Limits
from earwitness.wire.limits import Meter


def test_the_budget_of_seconds() -> None:
    now = [100.0]
    meter = Meter(Limits(seconds=60), clock=lambda: now[0])
    now[0] = 159.9
    meter.request()
    meter.frame()
    meter.open()

    now[0] = 160.0
    for step in (meter.request, meter.frame, meter.open):
        with pytest.raises(CouldNotTest, match="the budget of 60 seconds is spent") as raised:
            step()
        assert "raise seconds under budget in the deployment file" in str(raised.value)


def test_a_good_answer_forgives_the_bad_ones_before_it() -> None:
    meter = Meter(Limits(failures=3))
    for status in (500, 0, 404, 503, 0):
        meter.answered(status)
    meter.request()

    meter.answered(502)
    with pytest.raises(CouldNotTest, match="3 requests in a row"):
        meter.request()


def test_failures_may_be_left_uncounted() -> None:
    meter = Meter(Limits())
    for _ in range(1000):
        meter.answered(0)

    meter.request()
