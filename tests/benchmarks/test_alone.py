"""Single methods are tried on a fair sample, each trial is kept once, and the table says what came of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from benchmarks.alone import BEGIN, PAGE, RESULTS, Trial, read, sample, told
from benchmarks.mutation.page import put_between
from earwitness.deployment import PlantedDefect


def defects(**counts: int) -> list[PlantedDefect]:
    return [
        PlantedDefect(f"{api}-{number}", api, "1", "refusal", (), "It is broken.")
        for api, count in counts.items()
        for number in range(count)
    ]


def trial(method: str, defect: str, by: str = "") -> Trial:
    return Trial(method, defect.partition("-")[0], defect, 1, by, 2.5, "2026-11-28")


def test_each_api_has_its_share_of_the_sample_and_at_least_one() -> None:
    chosen = sample(defects(big=60, small=30, tiny=2), 30, 1)
    assert Counter(one.api for one in chosen) == {"big": 20, "small": 10, "tiny": 1}
    assert len(set(chosen)) == len(chosen)


def test_the_seed_says_which_are_chosen() -> None:
    every = defects(big=60, small=30)
    assert sample(every, 12, 1) == sample(every, 12, 1)
    assert sample(every, 12, 1) != sample(every, 12, 2)


def test_what_was_tried_is_read_back_and_a_line_that_was_cut_off_is_not(tmp_path: Path) -> None:
    path = tmp_path / "alone.jsonl"
    assert read(path) == ()
    kept = trial("stories", "x-1", "refusal")
    line = json.dumps(asdict(kept))
    path.write_text(f"{line}\n{line}\n{line[:20]}", encoding="utf-8")
    assert read(path) == (kept,)


def test_the_table_counts_by_api_and_leaves_undamaged_servers_out() -> None:
    trials = (
        Trial("stories", "x", "", 1, "", 2.0, "2026-11-28"),
        trial("schemathesis", "x-1"), trial("schemathesis", "y-1", "generated-requests"),
        trial("stories", "x-1", "refusal"), trial("stories", "y-1", "refusal"),
    )  # fmt: skip
    lines = told(trials, {"y-1": "a case"}).splitlines()
    assert lines[0] == "Tried 2026-11-28, seed 1: 2 defects."
    assert "| schemathesis | 0 of 1 | 1 of 1 | 1 of 2 |" in lines
    assert "| stories | 1 of 1 | 1 of 1 | 2 of 2 |" in lines
    assert "| all of Earwitness | 0 of 1 | 1 of 1 | 1 of 2 |" in lines
    assert "Caught by schemathesis alone: `y-1`." in lines
    assert told((), {}) == "Nothing was tried yet.\n"


def test_the_page_says_what_the_outcomes_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    caught_by = PAGE.parents[1] / "reference_server" / "defects" / "caught-by.json"
    known = json.loads(caught_by.read_text(encoding="utf-8"))
    assert put_between(page, told(read(RESULTS), known), BEGIN) == page, (
        "run `python -m benchmarks.alone report`"
    )
