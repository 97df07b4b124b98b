"""Nothing that pytest or Allure write of a failing test holds a member's token."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from earwitness.content import content_root

# What the reference server gives out as tokens.
TOKEN = re.compile(r"\b[0-9a-f]{40}\b")

SUITE = """
def test_that_raises(stage, alice):
    token = alice._account.token
    raise RuntimeError(f"boom at http://host/?token={token} with {token}")


def test_that_asserts(stage, alice):
    token = alice._account.token
    assert token == "another"


def test_that_sends_it_about(stage, alice, room):
    alice.does("send-text", room=room, text=f"my token is {alice._account.token}")
    assert False, alice._account.token
"""


def test_no_token_is_written_by_a_failing_test(tmp_path: Path) -> None:
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "test_leaks.py").write_text(SUITE)
    run = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(content_root() / "pytest.ini"), "--showlocals", "-p", "no:cacheprovider",
         "-p", "no:xdist", "-p", "no:randomly", "-p", "earwitness.pytest_plugin", "--api", "fe16ops", "--run-dir", str(run),
         "--alluredir", str(run / "allure-results"), str(tmp_path / "suite")],
        cwd=tmp_path, env={k: v for k, v in os.environ.items() if k != "PYTEST_ADDOPTS"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert "3 failed" in done.stdout, done.stdout
    assert "$ALICE_TOKEN" in done.stdout
    written = {str(path.relative_to(run)): path.read_text() for path in run.rglob("*") if path.is_file()}
    assert any(name.startswith("allure-results") for name in written) and "history.jsonl" in written
    leaks = {
        name: TOKEN.findall(text)
        for name, text in {**written, "stdout": done.stdout, "stderr": done.stderr}.items()
    }
    assert {name: found for name, found in leaks.items() if found} == {}
