"""``earwitness explain`` tells all that there is to say of a check, to people on a terminal and to programs in a pipe."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from typer.testing import CliRunner

from earwitness.checks import Check, catalogue
from earwitness.checks.model import SEVERITIES
from earwitness.cli.app import app
from earwitness.cli.explain import every_api, explain_check, list_checks
from earwitness.content import api_names
from earwitness.documents import Documents


@pytest.fixture(scope="module")
def known() -> tuple[Documents, ...]:
    return every_api()


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("check_id", sorted(catalogue()))
def test_a_check_fits_a_terminal_and_leaves_nothing_out(check_id: str, known: tuple[Documents, ...]) -> None:
    check, text = catalogue()[check_id].check, explain_check(check_id, 80, known)
    assert [line for line in text.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    whole = " ".join(text.split())
    assert check.sentence in whole
    assert f"severity {check.severity}: {SEVERITIES[check.severity]}" in whole
    told = (
        check.tier,
        *check.needs,
        *check.also,
        *check.cwe,
        *check.owasp,
        *check.source.split(),
        *api_names(),
    )
    assert [one for one in told if one not in whole] == []
    # At least one API is held to a clause, and it is named or counted.
    assert whole.count("nothing to look at") < len(api_names())


def test_the_list_fits_a_terminal_and_goes_from_grave_to_light() -> None:
    lines = list_checks(80).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [word for word in SEVERITIES for line in lines if line.startswith(f"{word}: ")] == list(SEVERITIES)
    listed = [line.split()[0] for line in lines if line[:2] == "  " and line[2:3].strip()]
    assert sorted(listed) == sorted(catalogue())


def test_a_pipe_gets_every_check_on_a_line_of_its_own() -> None:
    lines = [line.strip() for line in said().splitlines()]
    for check_id, one in catalogue().items():
        assert [
            line for line in lines if line.startswith(f"{check_id} ") and line.endswith(one.check.sentence)
        ]
    assert any(line.endswith(catalogue()["refusal"].check.sentence) for line in said("refusal").splitlines())


def test_programs_get_every_field_and_the_clauses_of_every_api() -> None:
    records = json.loads(said("--json"))
    assert [record["id"] for record in records] == list(catalogue())
    for record in records:
        assert set(record) == {field.name for field in fields(Check)} | {"clauses"}
        assert list(record["clauses"]) == list(api_names())
        assert any(record["clauses"].values())
    (order,) = json.loads(said("--json", "room-order"))
    assert order["clauses"]["rooms"] == [{"id": "list-rooms", "basis": "decided"}]
    assert order["clauses"]["connectify"] == []
