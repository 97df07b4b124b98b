"""Every answer has a documented status, content type and body."""

from __future__ import annotations

import pytest

from earwitness.history import Body, Response
from tests.shapes import REFUSED, Object, message
from tests.story import Story


def answered(status: int, body: object, headers: Object | None = None) -> tuple[Story, tuple[int, int]]:
    story = Story()
    asked = story.is_sending("alice", "hi", verb="")
    given = {"Content-Type": "application/json"} if headers is None else headers
    carried = body if isinstance(body, Body) else Body("json", body)  # type: ignore[arg-type]  # any JSON
    n = story.add(Response(exchange=asked.exchange, status=status, headers=given, body=carried))
    return story, (asked.n, n)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (201, {"success": True, "message": message(31, "hi")}),
        (201, {"success": True, "message": message(31, "hi", colour="red"), "trace": "abc"}),
        (400, REFUSED),
        (404, {"detail": "Not found."}),
    ],
)
def test_documented_answers_are_fine_and_may_have_more_properties(status: int, body: Object) -> None:
    assert answered(status, body)[0].findings() == ()


@pytest.mark.parametrize("name", ["content-type", "CONTENT-TYPE"])
def test_the_name_of_a_header_is_read_in_any_case_and_its_parameters_do_not_count(name: str) -> None:
    shown = {"success": True, "message": message(31, "hi")}
    assert answered(201, shown, {name: "application/json; charset=utf-8"})[0].findings() == ()


@pytest.mark.parametrize(
    ("status", "body", "basis"),
    [
        # What the sample shows, and what only we decided: which 2xx it is, and that a key of a file is not checked.
        (201, {"success": True}, "shown"),
        (201, {"success": True, "message": message(31, "hi") | {"content": None}}, "shown"),
        (202, {"success": True, "message": message(31, "hi")}, "decided"),
        (201, {"success": True, "message": message(31, "hi") | {"is_deleted": True}}, "decided"),
        (404, "Not found", "decided"),
        (201, Body("text", "<html>"), "shown"),
        (201, Body(), "shown"),
    ],
)
def test_an_answer_that_does_not_fit_is_found_with_the_basis_of_what_it_breaks(
    status: int, body: object, basis: str
) -> None:
    story, evidence = answered(status, body)
    finding = story.the_finding("response-schema")
    assert (finding.evidence, finding.basis, finding.clause) == (evidence, basis, "2.D")


def test_an_answer_without_a_content_type_is_found() -> None:
    story, evidence = answered(201, {"success": True, "message": message(31, "hi")}, {})
    assert story.the_finding("response-schema").evidence == evidence


def test_an_answer_that_was_cut_off_because_it_was_too_long_is_not_judged() -> None:
    assert answered(201, Body("text", '{"success": tr', cut=9_000_000))[0].findings() == ()


@pytest.mark.parametrize(("status", "basis"), [(422, "decided"), (415, "decided"), (403, "decided")])
def test_which_status_says_that_a_request_does_not_fit_is_our_reading(status: int, basis: str) -> None:
    """Django's 415, FastAPI's 422: the document names no status for a body that does not fit."""
    story, evidence = answered(status, REFUSED)
    assert (story.the_finding("response-schema").basis, story.the_finding("response-schema").evidence) == (
        basis,
        evidence,
    )


@pytest.mark.parametrize(("member", "role"), [("alice", "anonymous"), ("carol", "member")])
def test_which_status_says_that_somebody_may_not_is_stated(member: str, role: str) -> None:
    story = Story()
    story.answers(story.is_sending(member, "hi", role=role), 403, REFUSED)
    assert {(one.check, one.basis) for one in story.findings()} == {
        ("refusal", "stated"),
        ("response-schema", "stated"),
    }


def test_who_comes_too_often_is_told_so_by_any_server() -> None:
    assert answered(429, REFUSED)[0].findings() == ()


def test_failures_and_unknown_operations_are_judged_elsewhere_or_not_at_all() -> None:
    assert {one.check for one in answered(500, REFUSED)[0].findings()} == {"server-error"}
    story = Story()
    asked = story.begins("alice", "sendMessage", body=None, conversation_id="7/extra")
    story.answers(asked, 418, {"tea": True})
    assert {one.check for one in story.findings()} <= {"response-schema"}
