"""Clients of the benchmark that are made of what Earwitness does not need: where they cannot be had, their row says why, and the rest is measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.hearing import others
from benchmarks.hearing.stage import Client, Failed, drained

VERSION = "#!/bin/sh\necho {}\n"


def tool(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which commands are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}")
    return folder


def why(build: Path, fetch: bool = True) -> str:
    with pytest.raises(others.NotHere) as found:
        others.artillery(build, fetch)
    return str(found.value)


def test_without_node_there_is_no_artillery(here: Path, tmp_path: Path) -> None:
    assert why(tmp_path) == "no Node.js with npm here"


@pytest.mark.parametrize("version", ["v16.20.2", ""])
def test_an_old_node_is_told(version: str, here: Path, tmp_path: Path) -> None:
    tool(here, "node", VERSION.format(version))
    tool(here, "npm", "#!/bin/sh\nexit 0\n")
    assert why(tmp_path).startswith("needs Node.js 18 or newer; here is ")


def test_what_cannot_be_fetched_is_told_and_tried_again(here: Path, tmp_path: Path) -> None:
    tool(here, "node", VERSION.format("v20.1.0"))
    tool(here, "npm", "#!/bin/sh\nexit 1\n")
    assert (
        why(tmp_path) == f"npm could not install Artillery {others.ARTILLERY}, perhaps for want of a network"
    )
    assert "not fetched" in why(tmp_path, fetch=False)
    # One that comes to its end, in a folder in which nothing of the attempt before is left.
    tool(here, "npm", '#!/bin/sh\n[ ! -e "$3/half" ] && : > "$3/half"\n')
    node, modules = others.artillery(tmp_path, fetch=True)
    assert (node, modules) == (
        str(here / "node"),
        tmp_path / f"artillery-{others.ARTILLERY}" / "node_modules",
    )
    tool(here, "npm", "#!/bin/sh\nexit 1\n")
    assert others.artillery(tmp_path, fetch=True) == (node, modules), "it is fetched once"


def test_a_uvloop_that_may_not_be_fetched_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(others.NotHere, match=rf"uvloop {others.UVLOOP} was not fetched"):
        others.uvloop(tmp_path, fetch=False)


_TWO_LINES = """
import socket, sys, time
port = int(sys.argv[1])
control = socket.create_connection(("127.0.0.1", port))
print('{"ready": true, "resident_kb": 7}\\n{"frames": 0, "wrong": 0}', flush=True)
"""


def test_what_a_client_says_at_once_is_heard_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(_TWO_LINES, encoding="utf-8")
    client = Client("quick", (sys.executable, str(tmp_path / "client.py")))
    told = drained(client, 0, 0, None)
    assert (told.resident_kb, told.over) == (7, {"frames": 0, "wrong": 0})


def test_a_client_that_ends_early_is_no_measurement() -> None:
    client = Client("short", (sys.executable, "-c", "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])))"))  # fmt: skip
    with pytest.raises(Failed, match="short ended with 0"):
        drained(client, 0, 0, None)
