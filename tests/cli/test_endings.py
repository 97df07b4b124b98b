"""However a run ends, it leaves a report of what there was, one exit code, and no process behind."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.runs import Run, UnderWay, schema_errors

# The contracts take ten seconds and more, most of them for generated requests: nothing is over before we come to it.
PART = ("fe16ops", "--only", "contracts")


def assert_reported(run: Run, code: int, outcome: str) -> None:
    """A whole, partial report that blames nobody for the end of the run."""
    assert run.code == code, run.err
    assert run.is_whole()
    assert run.results["exit_code"] == code
    assert run.api["outcome"] == outcome
    assert run.api["findings"] == []
    assert 0 < len(run.api["cases"])
    assert len(set(run.items.values()) - {"not-run", "inconclusive"}) == 0
    assert schema_errors(run.folder / "history.jsonl", "history.schema.json") == []
    assert schema_errors(run.folder / "results.json", "results.schema.json") == []
    assert [c.get("name") for c in ET.parse(run.folder / "junit.xml").iter("testcase") if c.find("failure") is not None] == []
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
        assert_reported(run, 3, "died")
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


