"""A server with a past gives the same answers: one that was started by hand, twice, and fixed accounts without levers, twice."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.runs import COMMAND, LIMIT_S, Run, check, descendants, environment, is_over, until


@contextmanager
def served(database: Path) -> Iterator[dict[str, Any]]:
    """``earwitness serve`` with its data in ``database``; gives its greeting, and looks that it ends in good order."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "fe16ops", "--db", str(database)],
        cwd=database.parent, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    started: list[int] = []
    try:
        hello = json.loads(process.stdout.readline())
        started = descendants(process.pid)
        yield hello
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0
        assert started
        assert until(lambda: all(map(is_over, started)), 10)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def red(run: Run) -> dict[str, str]:
    return {item: verdict for item, verdict in run.items.items() if verdict != "pass"}


def test_a_server_started_by_hand_is_checked_twice_on_the_same_data(tmp_path: Path) -> None:
    for name in ("first", "second"):
        with served(tmp_path / "chat.sqlite") as hello:
            run = check("fe16ops", "--only", "checklist", "--url", hello["http"], folder=tmp_path / name)
        assert (run.code, red(run), run.api["findings"]) == (0, {}, []), run.err
        assert not run.api["foreign"]
        assert_hidden(run, hello)


def test_three_fixed_accounts_without_levers_are_checked_twice(tmp_path: Path) -> None:
    with served(tmp_path / "chat.sqlite") as hello:
        members = [member for member in hello["members"] if member["name"] in ("alice", "bob", "carol")]
        tokens = {f"{member['name'].upper()}_TOKEN": member["token"] for member in members}
        file = tmp_path / "staging.yaml"
        lines = ["api: fe16ops", f"http: {hello['http']}", "deadline: 2", "members:"]
        for member in members:
            lines += [
                f"  {member['name']}:",
                f"    attributes: {json.dumps(member['attributes'])}",
                f"    token: ${{{member['name'].upper()}_TOKEN}}",
            ]
        file.write_text("\n".join(lines), encoding="utf-8")
        assert len(members) == 3
        for name in ("first", "second"):
            run = check("--only", "checklist", "--deployment", file, folder=tmp_path / name, extra=tokens)
            assert (run.code, run.api["findings"], run.api["notes"]) == (0, [], []), run.err
            assert run.api["foreign"]
            assert run.api["deployment"] == "staging"
            # What needs two who have never talked cannot be had from accounts that have.
            assert set(red(run).values()) <= {"not-run"}
            assert set(red(run)) <= {"CONV-2"}
            assert_hidden(run, hello)
        assert red(run) == {"CONV-2": "not-run"}
        (reason,) = (item["reason"] for item in run.api["items"] if item["id"] == "CONV-2")
        assert "have talked before" in reason


def assert_hidden(run: Run, hello: dict[str, Any]) -> None:
    """The tokens of the fixed members are nowhere, their placeholders are."""
    for member in hello["members"]:
        assert [
            path
            for path in run.files
            if member["token"] in path.read_text(encoding="utf-8", errors="replace")
        ] == []
        assert member["token"] not in run.out + run.err
    assert any("$ALICE_TOKEN" in path.read_text(encoding="utf-8", errors="replace") for path in run.files)
