"""Anomalies that are planted are found, all of them and nothing else; and remembering them costs what is said."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from benchmarks.audit import app, audit, bytes_each
from benchmarks.planting import plant
from earwitness.load.ledger import KINDS


@pytest.mark.parametrize("share", [0.002, 0.01, 0.05])
def test_every_planted_anomaly_is_called_what_it_is(share: float) -> None:
    field = plant(listeners=3, senders=4, messages=1_700, share=share, seed=round(share * 1000))
    found = audit(field)
    assert found.frames > 20_000
    assert found.planted == found.counted
    assert found.misjudged == {}
    assert found.expected - found.heard == found.planted["lost"]
    # A stream in which a kind is missing proves nothing about it.
    assert share < 0.01 or set(found.planted) == set(KINDS)


def test_an_audit_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without windows nobody would know what was heard twice.
    monkeypatch.setattr("earwitness.load.window.Window.hear", lambda window, sequence: "heard")
    done = CliRunner().invoke(app, ["--frames", "2000", "--share", "0.05"])
    assert done.exit_code == 1
    assert "misjudged: 0" not in done.output


def test_a_listener_takes_no_more_for_more_messages_and_eight_bytes_for_a_gap() -> None:
    few, many = bytes_each(1_000), bytes_each(40_000)
    assert many <= few + 8
    assert few < 400
    # One in a hundred is lost: 400 gaps, each with two edges of four bytes; arrays grow ahead by an eighth.
    assert bytes_each(40_000, 100) - many < 400 * 8 * 1.3 + 200
