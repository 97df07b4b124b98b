"""``earwitness load --capacity``, from end to end: what holds is found, said, written and shown, and it ends however it has to."""

from __future__ import annotations

import csv
import json
import os
import signal
from html import unescape
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree as ET

import pytest

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from tests.cli.runs import (
    Started,
    earwitness,
    schema_errors,
)
from tests.cli.theirs import theirs

# Of short trials, since each of them starts a process.
PROFILE = "about: mine\nrooms: 1\nlisteners: 1\nbystanders: 1\nrate: 20\nseconds: 0.5\nslo: [lost == 0, duplicated == 0]\n"
FILES = {"results.json", "junit.xml", "index.html", "series.csv", "metrics.txt", "capacity.csv"}


@pytest.fixture(autouse=True)
def profile(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(PROFILE, encoding="utf-8")


def results(folder: Path) -> dict[str, Any]:
    assert schema_errors(folder / "results.json", "results.schema.json") == []
    found: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert {path.name for path in folder.iterdir()} == FILES
    with (folder / "capacity.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    trials = found["load"]["capacity"]["trials"]
    assert [(float(row["value"]), row["verdict"]) for row in rows] == [
        (one["value"], one["verdict"]) for one in trials
    ]
    answer = found["load"]["capacity"]["answer"]
    page = unescape((folder / "index.html").read_text(encoding="utf-8"))
    assert f"{answer[0].upper()}{answer[1:]}." in page
    cases = ET.parse(folder / "junit.xml").getroot().iter("testcase")
    (case,) = [one for one in cases if one.get("name", "").startswith("capacity")]
    assert [child.get("message") for child in case] == ([] if found["exit_code"] == 0 else [answer])
    return found


def test_the_largest_audience_that_holds_is_found_and_confirmed(tmp_path: Path) -> None:
    # The second device of a member puts out the first.
    with theirs(tmp_path / "theirs.yaml", "fe16ops-one-socket-a-member") as tokens:
        words = (
            "load",
            "mine.yaml",
            "--capacity",
            "listeners",
            "--deployment",
            "theirs.yaml",
            "--json",
            "--out",
            "run",
        )
        done = earwitness(*words, cwd=tmp_path, extra=tokens)
    assert done.returncode == 0, done.stderr
    found = results(tmp_path / "run")
    assert json.loads(done.stdout) == found
    capacity = found["load"]["capacity"]
    assert (capacity["holds"], capacity["fails"], capacity["limited_by"], capacity["confirmed"]) == (
        1,
        2,
        "server",
        True,
    )
    assert [(one["value"], one["role"], one["verdict"]) for one in capacity["trials"]] == [
        (1, "grow", "held"), (2, "grow", "missed"), (2, "grow", "missed"), (1, "confirm", "held"), (1, "confirm", "held"),
    ]  # fmt: skip
    (level,) = capacity["trials"][1]["levels"]
    assert (level["slo"], level["held"]) == ("lost == 0", False)
    assert level["measured"] == capacity["trials"][1]["lost"] > 0
    # The figures are those of the last trial that confirmed it: three times half a second of twenty messages.
    assert found["load"]["audit"]["expected"] == found["load"]["audit"]["heard"] == 30
    assert found["load"]["command"] == " ".join(("earwitness", *words))
    # It is said beforehand how long it may take, and each trial as it is over.
    said = done.stderr.splitlines()
    assert "none begins after" in said[1]
    assert [line.split()[:2] for line in said[2:7]] == [
        ["1", "grow"],
        ["2", "grow"],
        ["3", "grow"],
        ["4", "confirm"],
        ["5", "confirm"],
    ]
    assert f"capacity: {capacity['answer']}" in said
    assert not any(token in done.stdout + done.stderr for token in tokens.values())


def test_where_nothing_holds_the_levels_are_missed(tmp_path: Path) -> None:
    words = (
        "mine.yaml",
        "--api",
        "fe16ops",
        "--capacity",
        "listeners",
        "--defect",
        "fe16ops-new-message-twice",
        "--out",
        "run",
    )
    done = earwitness("load", *words, cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    found = results(tmp_path / "run")
    assert found["verdict"] == "breached"
    capacity = found["load"]["capacity"]
    assert (capacity["holds"], capacity["limited_by"], capacity["confirmed"]) == (None, "server", False)
    assert [(one["value"], one["verdict"]) for one in capacity["trials"]] == [(1, "missed"), (1, "missed")]
    assert "not even 1 listener: duplicated == 0" in done.stderr


def test_a_budget_is_kept_over_all_trials(tmp_path: Path) -> None:
    # Ten messages and twice thirty for the first value; twenty more and twice sixty are not in it, nor is anything between.
    with theirs(tmp_path / "theirs.yaml", budget={"messages": 72}) as tokens:
        words = ("mine.yaml", "--capacity", "rate", "--deployment", "theirs.yaml", "--out", "run")
        done = earwitness("load", *words, cwd=tmp_path, extra=tokens)
    assert done.returncode == 0, done.stderr
    capacity = results(tmp_path / "run")["load"]["capacity"]
    assert (capacity["holds"], capacity["fails"], capacity["limited_by"], capacity["confirmed"]) == (
        20,
        None,
        "budget",
        True,
    )
    assert {one["value"] for one in capacity["trials"]} == {20}
    assert "at least 20 messages a second, which is what the deployment's budget has room for" in done.stderr


def test_where_the_first_trial_is_refused_it_is_told_what_to_mend(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id,username,token\n1,a,0123456789\n", encoding="utf-8")
    words = (
        "mine.yaml",
        "--api",
        "fe16ops",
        "--capacity",
        "rate",
        "--members",
        "members.csv",
        "--out",
        "run",
    )
    done = earwitness("load", *words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    found = results(tmp_path / "run")
    assert found["verdict"] == "usage"
    (trial,) = found["load"]["capacity"]["trials"]
    assert (trial["verdict"], trial["exit_code"], trial["lost"]) == ("refused", 2, None)
    assert "members.csv has 1 members, and this profile needs 3" in found["load"]["capacity"]["answer"]
    assert "name more in a CSV file: --members FILE" in done.stderr


class UnderWay(Started):
    """A search that is going on."""

    def __init__(self, folder: Path, *arguments: str, extra: dict[str, str] | None = None) -> None:
        super().__init__("load", "mine.yaml", *arguments, "--out", "run", cwd=folder, extra=extra)
        self.said: list[str] = []

    def is_at(self, trial: int) -> None:
        """Wait until that many trials are over, and the next has a process."""
        lines: IO[str] | None = self.process.stderr
        assert lines is not None
        while not any(line.split()[:1] == [str(trial)] for line in self.said):
            self.said.append(lines.readline())
            assert self.said[-1], "it ended before that"
        self.runs("locustfile.py")

    def ends(self) -> tuple[int, str]:
        code, said = super().ends()
        return code, "".join(self.said) + said


def test_a_server_that_dies_in_the_middle_ends_it_with_what_was_found(tmp_path: Path) -> None:
    with ReferenceServer.start("fe16ops", content=content_root()) as server:
        arguments = ("--capacity", "rate", "--api", "fe16ops", "--url", server.deployment.http)
        with UnderWay(tmp_path, *arguments) as under_way:
            under_way.is_at(1)
            server.stop()
            code, said = under_way.ends()
    assert code == 3, said
    found = results(tmp_path / "run")
    capacity = found["load"]["capacity"]
    assert (capacity["holds"], capacity["limited_by"], capacity["confirmed"]) == (20, "died", False)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_search_reports_what_there_was_and_leaves_nobody(
    how: signal.Signals, tmp_path: Path
) -> None:
    with UnderWay(tmp_path, "--capacity", "rate", "--api", "fe16ops", "--seconds", "1") as under_way:
        under_way.is_at(1)
        under_way.runs("-m reference_server")
        os.kill(under_way.process.pid, how)
        code, said = under_way.ends()
        assert code == 130, said
        assert "Traceback" not in said
        assert under_way.left_nobody(20)
    found = results(tmp_path / "run")
    assert found["verdict"] == "interrupted"
    capacity = found["load"]["capacity"]
    assert (capacity["holds"], capacity["limited_by"], capacity["confirmed"]) == (20, "interrupted", False)
    assert capacity["trials"][0]["verdict"] == "held"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--capacity", "rates"), 2, "did you mean 'rate'?"),
        (("--capacity", "listener"), 2, "did you mean 'listeners'?"),
        (("--capacity", "speed"), 2, "expected: rate or listeners"),
        (("--capacity",), 2, "--capacity"),
        (("--capacity", "rate", "--up-to", "10"), 2, "--up-to 10 is below what the search begins with, 20"),
        (("--capacity", "rate", "--listeners", "0"), 2, "--listeners"),
        (("--up-to", "100"), 2, "expected: --capacity rate or listeners"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    arguments: tuple[str, ...], code: int, words: str, tmp_path: Path
) -> None:
    done = earwitness("load", "mine.yaml", "--api", "fe16ops", *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_search_that_begins_beyond_the_budget_is_refused(tmp_path: Path) -> None:
    theirs = {
        "api": "fe16ops", "http": "http://127.0.0.1:9", "allow": {"tiers": ["read", "write-own", "load"]}, "budget": {"sockets": 1},
        "members": {"a": {"attributes": {"id": 1, "username": "a"}, "token": "${T0}"}},
    }  # fmt: skip
    (tmp_path / "theirs.yaml").write_text(json.dumps(theirs), encoding="utf-8")
    words = ("load", "mine.yaml", "--capacity", "listeners", "--deployment", "theirs.yaml")
    done = earwitness(*words, cwd=tmp_path, extra={"T0": "a-secret-0123456789"})
    assert done.returncode == 6, done.stderr
    assert "asks for 2 sockets" in done.stderr
    assert not (tmp_path / "reports").exists()
