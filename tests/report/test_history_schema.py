from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from earwitness.content import content_root
from earwitness.history.entries import KINDS, Body, Entry, from_json, to_json
from tests.report.made_up import history

SCHEMA = json.loads(
    (content_root() / "reports" / "schema" / "history.schema.json").read_text(encoding="utf-8")
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_knows_every_kind_of_entry_and_each_of_its_fields() -> None:
    described = {one["$ref"].removeprefix("#/$defs/") for one in SCHEMA["oneOf"]}
    assert described == set(KINDS)
    for kind, cls in KINDS.items():
        assert set(SCHEMA["$defs"][kind]["properties"]) == {"kind"} | {field.name for field in fields(cls)}


@pytest.mark.parametrize("entry", history()[0], ids=lambda entry: f"{entry.n}-{entry.kind}")
def test_every_line_of_a_history_validates_and_reads_back(entry: Entry) -> None:
    line = json.loads(json.dumps(to_json(entry)))
    assert list(Draft202012Validator(SCHEMA).iter_errors(line)) == []
    assert from_json(line).n == entry.n


def test_the_made_up_history_has_every_kind() -> None:
    assert {entry.kind for entry in history()[0]} == set(KINDS)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "rumour"},
        {"whisper": 1},
        {"n": 0},
        {"t": "noon"},
        {"status": "200"},
        {"body": {"form": "tape"}},
    ],
)
def test_what_is_no_entry_does_not_validate(change: dict[str, Any]) -> None:
    line = {"kind": "response", "n": 3, "t": 5, "exchange": "x", "status": 200}
    assert list(Draft202012Validator(SCHEMA).iter_errors(line)) == []
    assert list(Draft202012Validator(SCHEMA).iter_errors({**line, **change})) != []


@pytest.mark.parametrize("data", [b"{}", b"text", b"\xff", b"[1]", b"x" * 50])
def test_every_form_of_body_validates(data: bytes) -> None:
    entry = KINDS["response"](n=1, t=1, exchange="x", status=200, body=Body.of(data, keep=40))  # type: ignore[call-arg]  # of Response
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(to_json(entry))))) == []
