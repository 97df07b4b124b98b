"""Every profile of ours runs, on APIs that are loaded in groups and in pairs, and what it does besides sending is in its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from earwitness.load.profile import profile_names
from tests.cli.runs import earwitness, schema_errors

# smoke and fan-out have tests of their own.
TRIED = (
    ("many-rooms", "rooms"), ("typing-storm", "connectify"), ("reconnect-storm", "connectify"), ("soak", "netroxchange"),
    ("mixed", "conversations"),
)  # fmt: skip


def load(folder: Path, *words: str) -> tuple[dict[str, Any], Path]:
    done = earwitness("load", *words, "--out", folder / "run", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert schema_errors(folder / "run" / "results.json", "results.schema.json") == []
    found: dict[str, Any] = json.loads((folder / "run" / "results.json").read_text(encoding="utf-8"))["load"]
    return found, folder / "run"


def test_all_of_them_are_tried() -> None:
    assert sorted({name for name, _ in TRIED} | {"smoke", "fan-out"}) == list(profile_names())


@pytest.mark.parametrize(("profile", "api"), TRIED)
def test_a_profile_runs_for_a_few_seconds(profile: str, api: str, tmp_path: Path) -> None:
    found, folder = load(tmp_path, profile, "--api", api, "--seconds", "4")
    assert found["audit"]["expected"] == found["audit"]["heard"] > 0
    assert found["contract"]["invalid"] == 0
    assert all(one["held"] for one in found["slo"])
    assert (found["excused"] > 0) == (profile in ("reconnect-storm", "mixed"))
    # Fifty notices a second, but for those that a busy machine had no time for; each for nine others in the room and their own sockets.
    assert (100 <= found["typed"] <= 200) == (profile == "typing-storm")
    assert found["presence"].get("typing", 0) >= found["typed"] * 9
    assert (found["reads"].get("answered", 0) >= 10) == (profile == "mixed")
    rows = (folder / "series.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(found["series"]["second"]) + 1
    metrics = (folder / "metrics.txt").read_text(encoding="utf-8")
    heard = f'earwitness_deliveries_total{{api="{api}",profile="{profile}",deployment="reference server",outcome="heard"}} {found["audit"]["heard"]} '
    assert heard in metrics and metrics.endswith("# EOF\n")


def test_chance_is_drawn_with_a_seed_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "about: mine\nrooms: 1\nlisteners: 2\npace: {kind: poisson, rate: 20, seed: 9}\nseconds: 2\nslo: [lost == 0]\n",
        encoding="utf-8",
    )
    found, _ = load(tmp_path, "mine.yaml", "--api", "fe16ops")
    assert found["seed"] == 9
    assert found["plan"] == {"pace": {"kind": "poisson", "rate": 20.0, "seed": 9}, "seconds": 2.0, "drops": 0}
    assert sum(found["series"]["due"]) * 2 == found["audit"]["heard"]


def test_typing_where_there_is_none_is_refused(tmp_path: Path) -> None:
    done = earwitness(
        "load", "typing-storm", "--api", "fe16ops", "--seconds", "2", "--out", tmp_path / "run", cwd=tmp_path
    )
    assert done.returncode == 2, done.stderr
    assert "fe16ops has no typing notices in rooms of kind direct" in done.stderr
