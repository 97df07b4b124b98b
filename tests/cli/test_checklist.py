"""``earwitness check --only checklist`` ticks every item of a correct server, with evidence, also from inside a repository
that wants pytest for itself; and what it writes is whole, well formed, repeatable and without secrets."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from earwitness.documents import load_documents
from earwitness.redact import Redactor
from earwitness.report import results
from earwitness.verdict import Verdict
from tests.cli.runs import Run, check, schema_errors


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's repository, whose own pytest settings would stop every test run."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / ".git").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --bogus\nminversion = 99\n", encoding="utf-8")
    (folder / "conftest.py").write_text("raise RuntimeError('a conftest of others')\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def clean(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The checklist on a correct server that keeps its data in a file, run from inside a hostile repository."""
    folder = tmp_path_factory.mktemp("clean") / "run"
    extra = {"PYTEST_ADDOPTS": "--bogus", "PYTEST_PLUGINS": "no_such_plugin"}
    database = folder.parent / "chat.sqlite"
    return check(
        "fe16ops", "--only", "checklist", "--json", "--db", database, folder=folder, cwd=hostile, extra=extra
    )


def test_every_item_passes(clean: Run) -> None:
    assert clean.code == 0, clean.err
    checklist = load_documents("fe16ops").spec.checklist.items
    assert len(checklist) == 23
    assert clean.items == dict.fromkeys(checklist, "pass")
    assert clean.results["verdict"] == "passed"


def test_every_item_has_its_words_and_its_evidence(clean: Run) -> None:
    checklist = load_documents("fe16ops").spec.checklist.items
    numbers = {entry.n for entry in clean.history}
    for item in clean.api["items"]:
        assert item["text"] == checklist[item["id"]].text
        assert item["evidence"], item["id"]
        for one in item["evidence"]:
            assert one["sentence"]
            assert one["verdict"] == "pass"
            assert one["entries"], one
            assert set(one["entries"]) <= numbers


def test_json_prints_what_results_json_holds(clean: Run) -> None:
    assert json.loads(clean.out) == clean.results


def test_people_read_the_checklist_on_stderr(clean: Run) -> None:
    for item in clean.items:
        assert re.search(rf"✓ {item}\b", clean.err), item
    assert "exit 0" in clean.err.splitlines()[-1]
    assert str(clean.folder / "index.html") in clean.err
    assert "\x1b[" not in clean.err + clean.out


def test_the_run_folder_is_whole(clean: Run) -> None:
    assert clean.is_whole()


def test_what_is_written_fits_its_schema(clean: Run) -> None:
    assert schema_errors(clean.folder / "results.json", "results.schema.json") == []
    assert schema_errors(clean.folder / "history.jsonl", "history.schema.json") == []


def test_junit_is_well_formed_and_its_names_are_unique(clean: Run) -> None:
    root = ET.fromstring((clean.folder / "junit.xml").read_text(encoding="utf-8"))
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert len(names) == len(clean.api["cases"]) >= 23
    assert [name for name, count in names.items() if count > 1] == []
    assert (root.get("failures"), root.get("errors"), root.get("skipped")) == ("0", "0", "0")


def test_allure_has_a_result_for_each_case(clean: Run) -> None:
    found = [
        json.loads(p.read_text(encoding="utf-8")) for p in clean.folder.glob("allure-results/*-result.json")
    ]
    assert len(found) == len(clean.api["cases"])
    assert {one["status"] for one in found} == {"passed"}


def test_the_history_alone_gives_the_same_verdicts(clean: Run) -> None:
    assert judged_again(clean) == without_names(clean.results)


def test_no_secret_is_in_any_file(clean: Run) -> None:
    with sqlite3.connect(clean.folder.parent / "chat.sqlite") as database:
        tokens = [token for (token,) in database.execute("SELECT token FROM tokens")]
    assert len(tokens) > 3 * len(clean.api["cases"]) / 2, "members were minted for the cases"
    redactor = Redactor()
    for number, token in enumerate(tokens):
        redactor.add(token, f"$TOKEN_{number}")
    assert redactor.sweep(clean.folder) == []
    assert not redactor.holds_secret(clean.out + clean.err)


def test_signatures_of_uploads_are_in_no_file(clean: Run) -> None:
    seen = 0
    for path in clean.files:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        seen += len(re.findall(r"signature=REDACTED", text))
        assert re.findall(r"signature=(?!REDACTED)[^&\s\"'<>\\]+", text) == [], path
    assert seen, "uploads were asked for"


def test_the_members_tokens_stand_under_their_names(clean: Run) -> None:
    assert "$ALICE_TOKEN" in (clean.folder / "results.json").read_text(encoding="utf-8")


def judged_again(run: Run) -> dict[str, Any]:
    """What results.json would say if it were made now, of nothing but the history."""
    verdict = load_documents("fe16ops").judge(run.history)
    assert all(isinstance(item.verdict, Verdict) for item in verdict.items)
    again = results("", "", [verdict], {"fe16ops": run.history}, int(verdict.exit_code))
    found: dict[str, Any] = json.loads(json.dumps(again))
    return without_names(found)


def without_names(record: Mapping[str, Any]) -> dict[str, Any]:
    """A result without what only the command line knows: the name of the run, and its own words."""
    return {key: value for key, value in record.items() if key not in ("run", "command")}
