"""Outcomes are kept as they come, also when a run is stopped in the middle of a line."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.mutation.records import (
    Explanation,
    Trial,
    add_trial,
    git_blob,
    latest,
    read_explanations,
    read_trials,
    undone,
)
from earwitness.errors import UsageError

TRIAL = Trial(
    "core/a.py:f:7:negate:1", "ants", 1, "abc", "killed", "refusal", 3.5, False, "2026-11-27", "if é:", "if (not (é)):"
)  # fmt: skip


def test_what_was_added_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "results.jsonl"
    other = replace(TRIAL, api="bees")
    add_trial(file, TRIAL)
    add_trial(file, other)
    assert read_trials(file) == (TRIAL, other)


def test_there_may_be_nothing_yet(tmp_path: Path) -> None:
    assert read_trials(tmp_path / "none.jsonl") == ()


def test_of_the_same_trial_done_twice_the_later_counts(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    add_trial(file, TRIAL)
    add_trial(file, replace(TRIAL, outcome="survived", by=""))
    assert [trial.outcome for trial in read_trials(file)] == ["survived"]


def test_a_line_that_was_cut_off_is_mended_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    add_trial(file, TRIAL)
    with file.open("a", encoding="utf-8") as half:
        half.write('{"id": "core/a.py:g:9')
    assert read_trials(file) == (TRIAL,)
    add_trial(file, replace(TRIAL, api="bees"))
    assert [trial.api for trial in read_trials(file)] == ["ants", "bees"]


def test_another_line_that_is_no_trial_is_named(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    add_trial(file, TRIAL)
    file.write_text(file.read_text(encoding="utf-8") + '{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"results\.jsonl:2: "):
        read_trials(file)


def test_a_changed_file_another_seed_and_another_api_make_it_another_trial() -> None:
    others = (replace(TRIAL, blob="def"), replace(TRIAL, seed=2), replace(TRIAL, api="bees"))
    keys = [TRIAL.key, *(other.key for other in others)]
    assert undone(keys, [TRIAL]) == {other.key for other in others}


def test_a_mutation_counts_once_for_each_api_as_it_was_tried_last() -> None:
    again = replace(TRIAL, blob="def", seed=2, outcome="survived")
    other = replace(TRIAL, api="bees")
    assert set(latest([TRIAL, other, again])) == {again, other}


def test_a_file_is_called_what_git_calls_it(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 'é'\n", encoding="utf-8")
    asked = subprocess.run(
        ["git", "hash-object", "--no-filters", str(file)], capture_output=True, text=True, check=True
    )
    assert asked.stdout.startswith(git_blob(file.read_bytes()))


def test_explanations_are_read_by_the_name(tmp_path: Path) -> None:
    file = tmp_path / "explained.yaml"
    file.write_text(f'"{TRIAL.name}":\n  kind: hole\n  why: >\n    nobody\n    asks\n', encoding="utf-8")
    assert read_explanations(file) == {TRIAL.name: Explanation("hole", "nobody asks")}


@pytest.mark.parametrize(
    "text",
    ["a: {kind: shrug, why: x}", "a: {kind: hole}", "a: {kind: hole, why: x, more: y}", "a: hole", "a: {"],
)
def test_what_is_no_explanation_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "explained.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"explained\.yaml"):
        read_explanations(file)
