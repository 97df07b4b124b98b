"""What the tests of loads share: what a clean audit counts, a load run to its end, and what it has written."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from earwitness.report.words import capital
from tests.cli.runs import earwitness, schema_errors

CLEAN = {
    "lost": 0,
    "duplicated": 0,
    "reordered": 0,
    "misdelivered": 0,
    "corrupted": 0,
    "phantom": 0,
    "recovered": 0,
}


def results(folder: Path) -> dict[str, Any]:
    assert schema_errors(folder / "results.json", "results.schema.json") == []
    found: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    exported = {"series.csv", "metrics.txt"} if "series" in found["load"] else set[str]()
    assert {path.name for path in folder.iterdir()} == {
        "results.json",
        "junit.xml",
        "index.html",
        *exported,
    }
    page = (folder / "index.html").read_text(encoding="utf-8")
    # However it ended, the page says so and what there was to hear.
    assert f"<title>{capital(found['verdict'])}: Load " in page
    if "load" in found and found["load"]["audit"]["expected"]:
        assert (
            f"{found['load']['audit']['heard']} of {found['load']['audit']['expected']} deliveries were heard"
            in page
        )
    return found


def load(folder: Path, *arguments: str, code: int) -> tuple[dict[str, Any], str]:
    """Run a load to its end; returns the part ``load`` of its results, and what it said."""
    done = earwitness("load", *arguments, "--api", "fe16ops", "--out", folder / "run", cwd=folder)
    assert done.returncode == code, done.stderr
    assert f"exit {code}" in done.stderr.splitlines()[-1]
    found = results(folder / "run")
    assert found["exit_code"] == code
    part: dict[str, Any] = found["load"]
    return part, done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
