"""However a run ends, it leaves a report of what there was, one exit code, and no process behind."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from earwitness.cli import main
from tests.cli.runs import Run, UnderWay, schema_errors

# The contracts take ten seconds and more, most of them for generated requests: nothing is over before we come to it.
PART = ("fe16ops", "--only", "contracts")


def assert_reported(run: Run, code: int, outcome: str, blamed: Collection[str] = ()) -> None:
    """A whole, partial report that blames the deployment for nothing but ``blamed`` (causes of findings)."""
    assert run.code == code, run.err
    assert run.is_whole()
    assert run.results["exit_code"] == code
    assert run.api["outcome"] == outcome
    assert {finding["cause"].rpartition(":")[2] for finding in run.api["findings"]} <= set(blamed)
    assert run.api["cases"]
    assert set(run.items.values()) <= {"not-run", "inconclusive"}
    assert schema_errors(run.folder / "history.jsonl", "history.schema.json") == []
    assert schema_errors(run.folder / "results.json", "results.schema.json") == []
    root = ET.parse(run.folder / "junit.xml").getroot()
    assert len({case.get("name") for case in root.iter("testcase")}) == len(list(root.iter("testcase")))
    assert f"exit {code}" in run.err.splitlines()[-1]
    assert "Traceback" not in run.out + run.err


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_run_reports_what_there_was(name: str, tmp_path: Path) -> None:
    with UnderWay(*PART, folder=tmp_path / "run") as under_way:
        assert under_way.has_ended(4)
        under_way.process.send_signal(signal.Signals[name])
        run = under_way.end()
        assert_reported(run, 130, "interrupted")
        assert len(run.api["cases"]) >= 4
        assert under_way.left_nobody()


def test_a_server_that_dies_in_the_middle_ends_the_run(tmp_path: Path) -> None:
    with UnderWay(*PART, folder=tmp_path / "run") as under_way:
        assert under_way.has_ended(4)
        os.kill(under_way.runs("-m reference_server"), signal.SIGKILL)
        run = under_way.end()
        # A request under way was cut off, a socket closed: that is something the deployment did.
        assert_reported(run, 3, "died", blamed=["cut", "closed"])
        assert "the deployment is gone" in run.api["reason"]
        assert "the deployment is gone" in run.err
        assert under_way.left_nobody()


def test_a_killed_command_line_leaves_nobody_behind(tmp_path: Path) -> None:
    with UnderWay(*PART, folder=tmp_path / "run") as under_way:
        under_way.runs("schemathesis")
        under_way.process.kill()
        under_way.process.wait()
        assert len(under_way.started) >= 3
        assert under_way.left_nobody()
        history = (tmp_path / "run" / "history.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(history[-1])["outcome"] == "interrupted"


def test_an_interrupt_at_any_time_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("earwitness.cli.app.main", interrupted)
    assert main(["check", "fe16ops"]) == 130
    assert capsys.readouterr().err == "earwitness: interrupted\n"
