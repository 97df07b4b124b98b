"""Checks are discovered, and none is without a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness import checks
from earwitness.binding import EVENTS, VERBS
from earwitness.checks import catalogue
from earwitness.checks.claims import KINDS
from tests.shapes import Object
from tests.story import Story

HERE = Path(__file__).parent
MODULES = sorted(
    path.stem for path in Path(checks.__path__[0]).glob("*.py") if "CHECK = Check(" in path.read_text("utf-8")
)


def test_every_module_with_a_check_is_in_the_catalogue_under_its_own_name() -> None:
    assert MODULES
    assert sorted(catalogue()) == sorted(module.replace("_", "-") for module in MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_check_has_a_test_module(module: str) -> None:
    assert "def test_" in (HERE / f"test_{module}.py").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_claim_is_exercised(kind: str) -> None:
    assert any(f'"{kind}"' in path.read_text("utf-8") for path in HERE.glob("*claims*.py"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_claim_belongs_to_a_check_that_there_is(kind: str) -> None:
    assert KINDS[kind][0] in catalogue()


@pytest.mark.parametrize("check", catalogue().values(), ids=lambda registered: registered.check.id)
def test_a_check_says_what_must_be_so_and_needs_only_words_of_the_vocabulary(
    check: checks.Registered,
) -> None:
    assert check.check.sentence.endswith(".")
    assert set(check.check.needs) <= {*VERBS, *EVENTS}
    assert list(check.find(Story(room=False).ends().world())) == []


def test_members_are_called_as_in_their_own_exercise() -> None:
    """Where members are minted each exercise has an alice of its own; findings call her alice."""
    story = Story()
    story.case_ends().case("d").member("alice", 41).member("bob", 42)
    people = [{"id": 41, "username": "alice"}, {"id": 42, "username": "bob"}]
    shown: Object = {"id": 8, "title": "Chat with bob", "participants": people, "related_product": None}
    asked = story.begins("alice", "startConversation", verb="open-direct", body={"receiver_id": 42})
    said = "Conversation started successfully"
    story.answers(asked, 201, {"success": True, "message": said, "conversation": shown})
    story.listens("bob")
    story.answers(
        story.is_sending("alice", "hi", room=8),
        201,
        {"success": True, "message": {"id": 31, "content": "hi"}},
    )
    finding = next(one for one in story.findings() if one.check == "delivery-lost")
    assert finding.expected.startswith("bob hear")
    assert finding.expected.endswith(" message-created of 'hi' after alice's send-text")
    assert finding.case == "d"
