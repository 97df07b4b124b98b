"""Checks are discovered, and none is without a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from earwitness import checks
from earwitness.binding import EVENTS, RULES, VERBS
from earwitness.binding.vocabulary import VIEWS
from earwitness.checks import Check, catalogue
from earwitness.checks.claims import KINDS
from earwitness.checks.clauses import clauses
from earwitness.checks.model import JUDGED, SEVERITIES, TIERS
from earwitness.checks.weaknesses import CWE, OWASP
from earwitness.content import api_names
from earwitness.documents import load_documents
from reference_server import defects
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


EVERY = pytest.mark.parametrize(
    "check", [registered.check for registered in catalogue().values()], ids=lambda check: check.id
)
WORDS = {
    *VERBS, *EVENTS, *RULES,
    *(f"{view}.{name}" for view, fields in VIEWS.items() for name in fields),
    *(f"{verb.name}.{name}" for verb in VERBS.values() for name in verb.gives),
}  # fmt: skip
A_SOURCE = re.compile(
    r"RFC \d{4}, sections? \d+(\.\d+)*( and \d+(\.\d+)*)*|(OpenAPI|AsyncAPI) 3\.\d, .+|"
    r"OWASP API Security Top 10:2023(, API\d+:2023)?|Schemathesis, .+|"
    r"OWASP WebSocket Security Cheat Sheet, (Authentication and|Message-Level) Authorization"
)


@EVERY
def test_a_check_says_all_that_it_has_to(check: Check) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.id)
    assert re.fullmatch(r"[A-Z].+[^.]\.", check.sentence)
    assert check.severity in SEVERITIES
    assert check.tier in TIERS
    assert check.needs or check.also or check.judges, "it says nothing of what it looks at"
    assert [one for one in check.source.split("; ") if one and not A_SOURCE.fullmatch(one)] == []


@EVERY
def test_a_check_looks_at_words_of_the_vocabulary_and_at_each_once(check: Check) -> None:
    said = [*check.needs, *check.also]
    assert [word for word in said if word not in WORDS] == []
    assert len(set(said)) == len(said)
    assert set(check.judges) <= set(JUDGED)


@EVERY
def test_a_check_names_weaknesses_that_there_are(check: Check) -> None:
    assert [one for one in check.cwe if one not in CWE] == []
    assert [one for one in check.owasp if one not in OWASP] == []
    named = [*check.cwe, *check.owasp]
    assert len(set(named)) == len(named)
    if check.narrowed:
        assert {one for some in check.narrowed.values() for one in some} == set(named)
    # What lets somebody at what is not theirs is a weakness that has a name.
    assert check.severity != "critical" or (check.cwe and check.owasp)


@EVERY
def test_a_check_finds_nothing_where_nothing_happened(check: Check) -> None:
    assert list(catalogue()[check.id].find(Story(room=False).ends().world())) == []


def test_weaknesses_are_spelt_as_their_owners_spell_them_and_none_is_idle() -> None:
    assert [one for one in CWE if not re.fullmatch(r"CWE-[1-9]\d{1,3}", one)] == []
    assert list(OWASP) == [f"API{number}:2023" for number in range(1, 11)]
    named = {one for registered in catalogue().values() for one in registered.check.cwe}
    assert set(CWE) - named == {"CWE-204"}, "the remark existence-is-told has that one; see its test"


def test_every_check_holds_some_api_to_a_clause_of_its_document() -> None:
    known = [load_documents(api) for api in api_names()]
    idle = [
        name
        for name, registered in catalogue().items()
        if not any(clauses(registered.check, each.spec, each.binding) for each in known)
    ]
    assert idle == []


@pytest.mark.parametrize("api", api_names())
def test_what_a_defect_trips_has_a_clause_in_that_api(api: str) -> None:
    documents, checks = load_documents(api), {defect.check for defect in defects.catalogue(api)}
    assert checks
    held = {one for one in checks if clauses(catalogue()[one].check, documents.spec, documents.binding)}
    assert checks - held == set()


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
