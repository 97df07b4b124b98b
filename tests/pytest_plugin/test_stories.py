"""A story that goes wrong is told at its shortest, as a case of the run and as a file that repeats it."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.content import content_root
from earwitness.history import CaseStarted, read_history
from tests.pytest_plugin.suites import Ran, run_paths

STORIES = content_root() / "contracts" / "test_stories.py"
DEFECT = "fe16ops-deleted-is-listed"


@pytest.fixture(scope="module")
def gone_wrong(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("gone-wrong")
    return run_paths(folder, STORIES, "--api", "fe16ops", "--stories", "12", "--defect", DEFECT, "-x")


def the_file(ran: Ran) -> Path:
    (file,) = (ran.folder / "stories").iterdir()
    return file


def test_the_shortest_story_is_told(gone_wrong: Ran) -> None:
    assert gone_wrong.code == 1, gone_wrong.said
    told = gone_wrong.said.partition("The shortest story that goes wrong:")[2].partition("It is in")[0]
    lines = [line.strip() for line in told.strip().splitlines()]
    # Somebody has to start a room, say something and delete it; somebody has to look.
    assert len(lines) <= 5, told
    assert sum(".starts_direct(" in line for line in lines) == 1
    assert any('"delete-message"' in line for line in lines)


def test_the_shortest_story_is_a_case_of_the_run_and_its_tries_are_not(gone_wrong: Ran) -> None:
    history = read_history(gone_wrong.folder / "history.jsonl")
    titles = [entry.title for entry in history if isinstance(entry, CaseStarted)]
    assert [title for title in titles if "shortest" in title] == titles[-1:]
    assert sum("a story goes" in title for title in titles) == len(titles) - 1
    assert any(
        f.check == "deleted-is-gone" for case in gone_wrong.verdict().cases[-1:] for f in case.findings
    )


def test_the_file_goes_wrong_where_the_story_did_and_nowhere_else(gone_wrong: Ran, tmp_path: Path) -> None:
    file = the_file(gone_wrong)
    assert run_paths(tmp_path, file, "--api", "fe16ops", "--defect", DEFECT).code == 1
    again = run_paths(tmp_path, file, "--api", "fe16ops")
    assert again.code == 0, again.said


def test_a_story_ends_at_a_catch_where_nothing_more_is_asked(tmp_path: Path) -> None:
    asked = ("--stories", "12", "--defect", DEFECT, "--until", "deleted-is-gone")
    ran = run_paths(tmp_path, STORIES, "--api", "fe16ops", *asked)
    assert "The shortest story" not in ran.said
    assert not (tmp_path / "stories").exists()


@pytest.mark.parametrize(("number", "collected"), [("0", 0), ("3", 3)])
def test_as_many_stories_are_told_as_are_asked_for(number: str, collected: int, tmp_path: Path) -> None:
    ran = run_paths(tmp_path, STORIES, "--api", "fe16ops", "--stories", number, "--collect-only", "-qq")
    assert ran.said.count("test_a_story_goes_as_it_must[") == collected
