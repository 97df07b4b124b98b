"""Loads on Locust's own pages one after the other, without a breath between: none takes the end, or what was told, of the one before for its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.loads import CLEAN
from tests.cli.test_load_web import TWO, Web, is_over_for


@pytest.mark.parametrize("processes", [(), TWO], ids=["1", "2"])
def test_the_next_begins_as_soon_as_one_is_over(processes: tuple[str, ...], tmp_path: Path) -> None:
    with Web(tmp_path, *processes) as web:
        run = ""
        # The second has fewer users than there are processes: one of these has no part in it, whatever it did before.
        for number, (users, seconds) in enumerate(((2, 2), (1, 1), (2, 1)), start=1):
            web.post("/swarm", user_count=users, spawn_rate=10, seconds=seconds, listeners="", rate="")
            ended = web.comes_to(is_over_for(run))
            run = ended["run"]
            assert ended["outcome"]["verdict"] == "passed", ended["outcome"]
            assert ended["audit"] == {"heard": 50 * seconds, "not_heard_yet": 0, "invalid": 0, **CLEAN}
            path = tmp_path / ("run.json" if number == 1 else f"run-{number}.json")
            load = json.loads(path.read_text(encoding="utf-8"))["load"]
            assert load["audit"] == {"expected": 50 * seconds, "heard": 50 * seconds, **CLEAN}
            assert sum(load["series"]["heard"]) == 50 * seconds
            assert load["generator"]["processes"] == (min(users, 2) if processes else 1)
