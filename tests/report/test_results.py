from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from earwitness.content import content_root
from earwitness.errors import ExitCode
from earwitness.report import dumps, finding_id, merge, results
from earwitness.verdict import ApiVerdict, Verdict
from tests.report.made_up import api, finding, history


def validator() -> Draft202012Validator:
    path = content_root() / "reports" / "schema" / "results.schema.json"
    schema = json.loads(Path(path).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def made(**changes: object) -> tuple[ApiVerdict, dict[str, Any]]:
    entries, numbers = history()
    verdict = api(numbers, **changes)
    record = results("r1", "earwitness check", [verdict], {"fe16ops": entries}, 1)
    return verdict, json.loads(dumps(record))


def test_what_is_written_validates_and_survives_the_file() -> None:
    _, record = made()
    assert list(validator().iter_errors(record)) == []
    entries, numbers = history()
    assert record == results("r1", "earwitness check", [api(numbers)], {"fe16ops": entries}, 1)


def test_a_remark_is_written_and_costs_nothing() -> None:
    verdict, record = made(verdict=Verdict.PASS, exit_code=ExitCode.PASSED)
    (remark,) = record["apis"][0]["remarks"]
    assert (remark["id"], remark["operations"][0], remark["cwe"]) == (
        "existence-is-told",
        "sendMessage",
        ["CWE-204"],
    )
    assert (verdict.verdict, record["apis"][0]["exit_code"]) == (Verdict.PASS, 0)


def test_the_file_is_ascii_whatever_the_server_said() -> None:
    entries, numbers = history()
    text = dumps(results("r1", "c", [api(numbers)], {"fe16ops": entries}, 1))
    assert text.isascii()
    assert "\\ud800" in text


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_has_its_word(code: ExitCode) -> None:
    record = results("r", "c", [], {}, code)
    assert list(validator().iter_errors(record)) == []
    assert record["exit_code"] == int(code)
    wrong = {**record, "verdict": "passed" if code else "failed"}
    assert list(validator().iter_errors(wrong)) != []


def test_an_exit_code_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError):
        results("r", "c", [], {}, 77)


def test_the_names_that_the_design_fixes_are_there() -> None:
    _, record = made()
    one: Mapping[str, Any] = record["apis"][0]
    assert {"run", "command", "verdict", "exit_code", "apis"} <= set(record)
    assert {"api", "deployment", "items", "operations", "findings"} <= set(one)
    assert {"id", "section", "text", "verdict", "evidence"} <= set(one["items"][0])
    assert {"id", "reached", "missing"} <= set(one["operations"][0])
    fields = {"id", "check", "cause", "basis", "severity", "clause", "expected", "heard", "reproduce"}
    assert fields <= set(one["findings"][0])


def test_every_verdict_of_an_item_is_written() -> None:
    verdict, record = made()
    assert {item["verdict"] for item in record["apis"][0]["items"]} == {str(v) for v in Verdict}
    assert len(record["apis"][0]["items"]) == len(verdict.items)


@pytest.mark.parametrize(
    "path", [("verdict",), ("exit_code",), ("apis", 0, "findings"), ("apis", 0, "items", 0, "evidence")]
)
def test_a_record_that_lacks_a_part_does_not_validate(path: tuple[str | int, ...]) -> None:
    _, record = made()
    place: Any = record
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert list(validator().iter_errors(record)) != []


def test_findings_of_one_cause_are_one() -> None:
    _, numbers = history()
    a, b = (
        finding(numbers, severity="low", case="c1"),
        finding(numbers, severity="critical", basis="decided", case="c2"),
    )
    other = finding(numbers, cause="another", severity="medium")
    merged = merge("fe16ops", [a, other, b, a])
    assert [(m.finding.cause, m.count, m.cases) for m in merged] == [
        (a.cause, 3, ("c1", "c2")),
        ("another", 1, ("c1",)),
    ]
    assert merged[0].finding is b


def test_a_findings_id_hangs_on_api_check_and_cause_alone() -> None:
    _, numbers = history()
    one = merge("fe16ops", [finding(numbers, heard="this", evidence=(1,))])[0].id
    assert one == merge("fe16ops", [finding(numbers, heard="that", case="c9", severity="low")])[0].id
    ids = {
        one,
        finding_id("a", "b", "c"),
        finding_id("a", "bc", ""),
        finding_id("ab", "", "c"),
        finding_id("a", "b", "d"),
    }
    assert len(ids) == 5


def test_a_case_names_its_findings_by_the_same_ids() -> None:
    _, record = made()
    one = record["apis"][0]
    assert [case["findings"] for case in one["cases"] if case["findings"]] == [[one["findings"][0]["id"]]]


def test_without_a_history_only_the_lines_to_repeat_are_missing() -> None:
    _, numbers = history()
    record = results("r", "c", [api(numbers)], {}, 1)
    assert list(validator().iter_errors(record)) == []
    assert "curl" not in dumps(record)


def test_a_failing_items_line_repeats_what_failed() -> None:
    _, record = made()
    fail = next(item for item in record["apis"][0]["items"] if item["verdict"] == "fail")
    assert fail["reproduce"].startswith("curl -i -X POST")


def test_a_finding_names_the_weaknesses_that_it_is_an_instance_of() -> None:
    _, record = made()
    (one,) = record["apis"]
    assert [one[kind][0]["weaknesses"] for kind in ("findings", "notes", "known")] == [
        [],
        ["CWE-770", "API4:2023"],
        [],
    ]
    one["notes"][0]["weaknesses"] = ["CWE 770"]
    assert list(validator().iter_errors(record)) != []


def test_the_best_telling_of_a_cause_is_one_that_is_a_weakness() -> None:
    _, numbers = history()
    harmless, weak = finding(numbers, weak=False), finding(numbers, basis="decided")
    assert [one.finding for one in merge("fe16ops", [harmless, weak])] == [weak]
    grave = finding(numbers, weak=False, severity="critical")
    assert [one.finding for one in merge("fe16ops", [weak, grave])] == [grave]
