"""A run that is only to find something ends as soon as it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pytest_plugin.suites import run

SUITE = """
import pytest


@pytest.fixture
def refused(alice, bob, room):
    bob.edits(alice.sends(room, "mine"), "his")


def test_passes(alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="hello")


def test_fails({fixture}alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="{text}")


def test_comes_after(alice):
    pass
"""


@pytest.mark.parametrize(
    ("fixture", "text"), [("", "goodbye"), ("refused, ", "hello")], ids=["in a test", "before it"]
)
def test_whichever_check_finds_something_ends_it(fixture: str, text: str, tmp_path: Path) -> None:
    ran = run(tmp_path, SUITE.format(fixture=fixture, text=text), "--api", "fe16ops", "--until", "any")
    assert {name: str(case.verdict) for name, case in ran.cases().items()} == {
        "test_passes": "pass",
        "test_fails": "fail",
    }
    assert ran.verdict().reason == "any has found what was looked for"


def test_another_check_does_not_end_it(tmp_path: Path) -> None:
    ran = run(
        tmp_path, SUITE.format(fixture="", text="goodbye"), "--api", "fe16ops", "--until", "delivery-lost"
    )
    assert list(ran.cases()) == ["test_passes", "test_fails", "test_comes_after"]
