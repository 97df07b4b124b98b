"""An installation of its own, with other suites: what the command line makes of a scenario that crashes, and of documents
and deployments that are no good."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import earwitness
from earwitness.content import content_root
from tests.cli.runs import Run, check
from tests.live.servers import answering

SCENARIOS = """
import pytest


@pytest.mark.covers("fe16ops:MSG-1")
def test_that_crashes(alice, room):
    alice.sends(room, "before the crash")
    raise ZeroDivisionError("a fault of ours")


@pytest.mark.covers("fe16ops:MSG-3")
def test_that_fails(alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="goodbye")


@pytest.mark.covers("fe16ops:MSG-5")
def test_that_passes(alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="hello")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to put on the path: the package as a wheel installs it, with scenarios of this test."""
    site = tmp_path_factory.mktemp("site")
    package = Path(earwitness.__file__).parent
    shutil.copytree(package, site / "earwitness", ignore=shutil.ignore_patterns("_content"))
    content = site / "earwitness" / "_content"
    for name in ("specs", "contracts", "reference_server", "reports/templates", "reports/schema"):
        shutil.copytree(content_root() / name, content / name)
    shutil.copy(content_root() / "pytest.ini", content)
    (content / "scenarios").mkdir()
    (content / "scenarios" / "test_own.py").write_text(SCENARIOS, encoding="utf-8")
    return site


def in_house(house: Path, *arguments: str | Path, folder: Path) -> Run:
    return check(*arguments, folder=folder, extra={"PYTHONPATH": str(house)})


def test_a_crash_of_ours_is_exit_3_and_shown_as_one(house: Path, tmp_path: Path) -> None:
    run = in_house(house, "fe16ops", "--only", "checklist", folder=tmp_path / "run")
    assert run.code == 3, run.err
    assert run.is_whole()
    assert {item: run.items[item] for item in ("MSG-1", "MSG-3", "MSG-5")} == {
        "MSG-1": "crashed",
        "MSG-3": "fail",
        "MSG-5": "pass",
    }
    assert "ZeroDivisionError: a fault of ours" in run.err
    assert "Traceback" not in run.err
    junit = (run.folder / "junit.xml").read_text(encoding="utf-8")
    assert (junit.count("<error "), junit.count("<failure ")) == (1, 1)


def deployment(folder: Path, http: str) -> Path:
    """A deployment file of one account at ``http``."""
    file = folder / "staging.yaml"
    lines = [
        "api: fe16ops",
        f"http: {http}",
        "deadline: 1",
        "members:",
        "  alice:",
        "    attributes: {id: 1, username: alice}",
    ]
    file.write_text("\n".join([*lines, "    token: ${ALICE_TOKEN}"]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("scheme", "kind", "words"),
    [
        ("http", "text/html", "answers 200 with text/html, which is no JSON"),
        ("https", "application/json", "got no answer: "),
    ],
)
def test_a_deployment_that_cannot_be_tested_is_reported(
    scheme: str, kind: str, words: str, tmp_path: Path
) -> None:
    with answering(200, kind, b"<html>Welcome</html>") as host:
        file = deployment(tmp_path, f"{scheme}://{host}")
        token = {"ALICE_TOKEN": "alice-0123456789"}
        run = check("--deployment", file, folder=tmp_path / "run", extra=token)
    assert run.code == 3, run.err
    assert {"history.jsonl", "results.json", "junit.xml", "index.html"} <= {
        path.name for path in run.folder.iterdir()
    }
    assert (run.api["outcome"], run.api["cases"], set(run.items.values())) == ("died", [], {"not-run"})
    assert words in run.api["reason"]
    assert words in " ".join(run.err.split())
    assert "Traceback" not in run.err + run.out
    assert "alice-0123456789" not in run.err + json.dumps(run.results)


def test_a_database_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    run = check(
        "fe16ops",
        "--only",
        "checklist",
        "--db",
        tmp_path / "nowhere" / "chat.sqlite",
        folder=tmp_path / "run",
    )
    assert run.code == 2
    (line,) = (line for line in run.err.splitlines() if line.startswith("earwitness: "))
    assert f"there is no folder {tmp_path / 'nowhere'}; make it first" in line
    assert "Traceback" not in run.err
