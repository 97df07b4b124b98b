"""The figures of docs/detection.md are those of the committed outcomes, counted as the page says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.mutants import EXPLAINED, PAGE, RESULTS
from benchmarks.mutation.page import BEGIN, END, put_into, tally, told
from benchmarks.mutation.records import Explanation, Trial, latest, read_explanations, read_trials

KILLED = Trial(
    "core/a.py:f:7:negate:1", "ants", 1, "abc", "killed", "refusal", 3.5, False, "2026-11-27", "if a:", "if (not (a)):"
)  # fmt: skip
SURVIVED = replace(KILLED, id="core/a.py:f:8:and-or:1", outcome="survived", by="", was="a | b", now="a & `b`")
HUNG = replace(SURVIVED, id="core/a.py:g:9:compare:1", outcome="hung")
STILLBORN = replace(SURVIVED, id="web.py:h:3:drop-return:1", outcome="stillborn", api="bees")
ALL = (KILLED, SURVIVED, HUNG, STILLBORN)


def test_the_rate_leaves_out_what_nobody_could_notice() -> None:
    assert tally(ALL, {}).rate == "67 %"
    assert tally(ALL, {SURVIVED.name: Explanation("equivalent", "")}).rate == "100 %"
    assert tally(ALL, {SURVIVED.name: Explanation("out-of-reach", "")}).rate == "67 %"
    assert tally((STILLBORN,), {}).rate == ""


def test_what_was_noticed_after_all_is_not_equivalent() -> None:
    assert tally((KILLED,), {KILLED.name: Explanation("equivalent", "so we thought")}).equivalent == 0


def test_each_api_and_file_has_its_row() -> None:
    text = told(ALL, {SURVIVED.name: Explanation("equivalent", "")})
    assert "| `ants` | 3 | 0 | 1 | 1 | 1 | 0 | 100 % |" in text
    assert "| `bees` | 1 | 1 | 0 | 0 | 0 | 0 |  |" in text
    assert "| `core/a.py` | 3 | 0 | 1 | 1 | 1 | 0 | 100 % |" in text
    assert "| `refusal` | 1 | 0 | 4 |" in text


def test_each_survivor_is_shown_with_its_change_and_what_was_said_of_it() -> None:
    rows = told(ALL, {SURVIVED.name: Explanation("hole", "nobody asks")}).splitlines()
    assert f"| `{SURVIVED.id}` | ants | `` a \\| b `` | `` a & `b` `` | hole | nobody asks |" in rows
    assert not [row for row in rows if KILLED.id in row or HUNG.id in row]
    assert "| not looked at yet |  |" in told(ALL, {})


def test_only_what_is_made_is_replaced() -> None:
    assert (
        put_into(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new") == f"before\n{BEGIN}\n\nnew\n{END}\nafter\n"
    )
    with pytest.raises(ValueError, match="has no"):
        put_into("a page without marks", "new")


def test_the_page_tells_what_the_committed_outcomes_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    text = told(latest(read_trials(RESULTS)), read_explanations(EXPLAINED))
    assert page == put_into(page, text), "make it again: python -m benchmarks.mutants report"


def test_every_survivor_is_explained_and_nothing_else_is() -> None:
    survivors = {trial.name for trial in latest(read_trials(RESULTS)) if trial.outcome == "survived"}
    assert set(read_explanations(EXPLAINED)) == survivors
