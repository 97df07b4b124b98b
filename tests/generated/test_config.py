"""The configuration says what was planned, and is TOML whatever is in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from earwitness.generated.config import ACCEPTED, OURS, UNDECLARED, Effort, Plan, config


def plan(**changes: object) -> Plan:
    given: dict[str, object] = {
        "base_url": "http://127.0.0.1:1",
        "seed": 7,
        "hooks": Path("/hooks.py"),
        **changes,
    }
    return Plan(**given)  # type: ignore[arg-type]  # each test names the fields it changes


def test_the_same_plan_gives_the_same_requests() -> None:
    read = tomllib.loads(config(plan()))
    assert read["seed"] == 7
    assert read["workers"] == 1
    assert read["generation"]["deterministic"] is True
    assert read["generation"]["database"] == "none"
    # A limit in time would be filled, with as much as the machine can do in it.
    assert "max-time" not in read


def test_nothing_is_followed_tried_again_or_remembered() -> None:
    read = tomllib.loads(config(plan(patience_s=3.5)))
    assert (read["max-redirects"], read["request-retries"], read["request-timeout"]) == (0, 0, 3.5)
    assert read["cache"]["enabled"] is False


def test_what_our_checks_judge_is_left_to_them() -> None:
    checks = tomllib.loads(config(plan()))["checks"]
    assert {name for name, check in checks.items() if check.get("enabled") is False} == set(OURS)
    assert checks["positive_data_acceptance"]["expected-statuses"] == list(ACCEPTED)
    assert 400 not in ACCEPTED


def test_all_phases_run_with_the_effort_given() -> None:
    read = tomllib.loads(config(plan(effort=Effort(fuzzing=3, walks=2, steps=6))))
    assert {name for name, phase in read["phases"].items() if phase["enabled"]} == {
        "examples",
        "coverage",
        "fuzzing",
        "stateful",
    }
    assert read["generation"]["max-examples"] == 3
    assert read["phases"]["stateful"] == {"enabled": True, "max-steps": 6, "generation": {"max-examples": 2}}
    assert read["phases"]["coverage"]["unexpected-methods"] == list(UNDECLARED)


def test_operations_are_left_out_by_their_ids() -> None:
    read = tomllib.loads(config(plan(left_out=("upload", "block"))))
    assert read["operations"] == [
        {"include-operation-id": "upload", "enabled": False},
        {"include-operation-id": "block", "enabled": False},
    ]
    assert "operations" not in tomllib.loads(config(plan()))


@pytest.mark.parametrize(
    "text", ['a "quoted" one', "back\\slash", "line\nbreak", "del\x7f", "日本 👍", "x = 1 # y"]
)
def test_any_text_survives(text: str) -> None:
    read = tomllib.loads(config(plan(base_url=text, headers={"X-Name": text}, ca_file=text)))
    assert (read["base-url"], read["headers"]["X-Name"], read["tls-verify"]) == (text, text, text)


def test_certificates_are_named_only_where_there_are_any() -> None:
    assert "tls-verify" not in tomllib.loads(config(plan()))


@pytest.mark.parametrize(("factor", "fuzzing", "walks"), [(0.1, 1, 1), (1, 10, 4), (60, 600, 240)])
def test_an_effort_can_be_a_part_of_the_usual_or_a_multiple(factor: float, fuzzing: int, walks: int) -> None:
    assert Effort(fuzzing=10, walks=4, steps=5).times(factor) == Effort(fuzzing=fuzzing, walks=walks, steps=5)
