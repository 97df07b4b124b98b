"""``earwitness demo`` leaves one run with one report, in which loads and checks stand together."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from earwitness.cli import demo
from earwitness.content import api_names
from tests.cli.runs import FILES, schema_errors


def test_a_demo_is_one_run_with_one_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One API is enough to see it; all five take minutes.
    monkeypatch.setattr(demo, "api_names", lambda: ("fe16ops",))
    monkeypatch.setattr(demo, "_SECONDS", 1.0)
    assert "fe16ops" in api_names()
    folder = tmp_path / "run"
    assert demo.demo_apis(folder, "earwitness demo") == 0
    assert {path.name for path in folder.iterdir()} == FILES
    assert schema_errors(folder / "results.json", "results.schema.json") == []
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert [one["api"] for one in found["apis"]] == ["fe16ops"]
    assert found["load"]["audit"]["heard"] == found["load"]["audit"]["expected"] > 0
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'id="api-1"' in page
    assert 'id="load-1"' in page
    assert "earwitness load fan-out --api fe16ops --listeners 20" in page
    suites = {one.get("name") for one in ET.fromstring((folder / "junit.xml").read_bytes())}
    assert suites == {"fe16ops", "load fan-out on fe16ops"}
