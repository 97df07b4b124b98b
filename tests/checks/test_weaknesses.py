"""A finding is called an instance of a weakness where it is one: who was served without standing, not who was refused otherwise."""

from __future__ import annotations

import pytest

from earwitness.checks import Check, Finding, weaknesses_of
from tests.shapes import REFUSED, message, new_message
from tests.story import Story

ALL = ("CWE-770", "API4:2023")


def weak(story: Story, check: str) -> list[tuple[str, ...]]:
    """What the findings of ``check`` are called, each once, in the order of the history."""
    return list(dict.fromkeys(weaknesses_of(one) for one in story.findings() if one.check == check))


@pytest.mark.parametrize(
    ("member", "role", "called"),
    [
        ("alice", "anonymous", ("CWE-306", "API2:2023")),
        ("alice", "bad-token", ("CWE-287", "API2:2023")),
        ("alice", "tampered-token", ("CWE-347", "API2:2023")),
        ("alice", "expired", ("CWE-613", "API2:2023")),
        ("carol", "member", ("CWE-639", "API1:2023")),
    ],
)
def test_a_trespass_is_called_by_how_one_stands_and_another_refusal_is_none(
    member: str, role: str, called: tuple[str, ...]
) -> None:
    served, refused = Story(), Story()
    served.has_listed(served.is_listing(member, role=role), room=7)
    assert weak(served, "refusal") == [called]
    refused.answers(refused.is_listing(member, role=role), 403, REFUSED)
    assert weak(refused, "refusal") == [()]


@pytest.mark.parametrize(("status", "called"), [(200, ("CWE-639", "API1:2023")), (403, ())])
def test_a_claim_of_a_refusal_is_called_the_same(status: int, called: tuple[str, ...]) -> None:
    story = Story()
    asked = story.answers(story.is_listing("carol", verb="", source="refusal"), status, REFUSED)
    story.claims("refused", exchange=asked.exchange, relation="not-a-member")
    cases = story.case_ends().ends().verdict().cases
    found = [one for case in cases for one in case.findings if one.check == "refusal"]
    assert [weaknesses_of(one) for one in found] == [called] * len(found)
    assert found


def test_a_socket_that_opens_is_a_trespass_and_one_that_is_refused_oddly_is_none() -> None:
    opened, refused = Story(), Story()
    opened.listens("bob", role="expired")
    opened.waits()
    assert weak(opened, "handshake-refuses") == [("CWE-613", "API2:2023")]
    refused.is_turned_away(refused.is_opening("bob", role="expired"), 500)
    assert weak(refused, "handshake-refuses") == [()]


def test_what_an_outsider_hears_is_a_leak() -> None:
    story = Story()
    story.listens("carol")
    story.sends("alice", "hi", 31)
    story.hears("carol", new_message(message(31, "hi")))
    assert weak(story, "delivery-stray") == [("CWE-201", "CWE-863", "API1:2023")]


@pytest.mark.parametrize(("number", "called"), [(21, ALL), (19, ())])
def test_a_page_without_a_limit_is_a_weakness_and_a_short_one_is_none(
    number: int, called: tuple[str, ...]
) -> None:
    story = Story()
    shown = [message(200 - index, "said long ago") for index in range(number)]
    story.lists("alice", *shown, more=True, count=60)
    assert weak(story, "page-size") == [called]


def test_a_check_that_is_not_in_the_catalogue_is_called_nothing() -> None:
    assert weaknesses_of(Finding("gone", "gone:x", "stated", "high", "", "a", "b", ())) == ()


@pytest.mark.parametrize(
    ("cause", "weak", "severity"),
    [("x:foreign", True, "critical"), ("x:missing", True, "high"), ("x:foreign", False, "medium")],
)
def test_a_miss_of_a_critical_check_is_critical_where_it_lets_somebody_at_something(
    cause: str, weak: bool, severity: str
) -> None:
    check = Check("x", "It is so.", "critical", cwe=("CWE-862",), narrowed={"foreign": ("CWE-862",)})
    assert check.severity_of(cause, weak) == severity
    assert Check("x", "It is so.", "low").severity_of(cause, weak) == "low"


def test_findings_and_claims_are_as_grave_as_their_check_says() -> None:
    missing, early, trespass = Story(), Story(), Story()
    missing.lists_rooms("bob")
    assert [(one.check, one.severity) for one in missing.findings()] == [("rooms-listed", "high")]
    early.lists("alice", *(message(200 - index, "said long ago") for index in range(19)), more=True, count=60)
    assert {one.severity for one in early.findings() if one.check == "page-size"} == {"low"}
    asked = trespass.has_listed(trespass.is_listing("carol", verb="", source="refusal"), room=7)
    trespass.claims("refused", exchange=asked.exchange, relation="not-a-member")
    cases = trespass.case_ends().ends().verdict().cases
    assert {one.severity for case in cases for one in case.findings if one.check == "refusal"} == {"critical"}
