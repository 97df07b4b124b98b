"""Runs on undamaged servers are kept once each, and the table says what was found in them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.clean import BEGIN, PAGE, RESULTS, Run, read, run_of, told
from benchmarks.mutation.page import put_between

CLEAN = Run(1, 1.0, 0, 179, 1500, (), 120.0, 9.0, "2026-11-28")


def test_what_was_run_is_read_back_and_a_line_that_was_cut_off_is_not(tmp_path: Path) -> None:
    path = tmp_path / "clean.jsonl"
    assert read(path) == ()
    line = json.dumps(asdict(CLEAN))
    path.write_text(f"{line}\n{line[:20]}", encoding="utf-8")
    assert read(path) == (CLEAN,)


def test_a_run_adds_up_its_apis() -> None:
    finding = {"cause": "refusal:x"}
    api = {"items": [1, 2], "cases": [1, 2, 3], "findings": [finding], "seconds": 2.04, "waited_ms": 150}
    assert run_of({"exit_code": 1, "apis": [api, api]}, 3, 0.1, "2026-11-28") == Run(
        3, 0.1, 1, 4, 6, ("refusal:x", "refusal:x"), 4.1, 0.3, "2026-11-28"
    )


def test_the_table_has_a_row_for_each_effort_and_names_what_was_found() -> None:
    alarm = replace(CLEAN, seed=101, effort=0.1, exit_code=1, findings=("refusal:x",), seconds=30.0)
    lines = told((CLEAN, replace(CLEAN, seed=2, seconds=130.4), alarm)).splitlines()
    assert lines[0] == "Run 2026-11-28."
    assert "| 1 | 2 | 1 to 2 | 0 | 0 | 3000 | 120 to 130 | 7.2 % |" in lines
    assert "| 0.1 | 1 | 101 | 1 | 1 | 1500 | 30 | 30.0 % |" in lines
    assert "- seed 101, effort 0.1: `refusal:x`" in lines
    assert told(()) == "Nothing was tried yet.\n"


def test_the_page_says_what_was_run() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == put_between(page, told(read(RESULTS)), BEGIN)
