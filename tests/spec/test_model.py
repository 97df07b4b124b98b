"""Answers and frames are judged by what an operation or channel documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from earwitness.spec import ABSENT, NotJson, Operation, Violation

if TYPE_CHECKING:
    from tests.spec.conftest import Api

JSON = "application/json"
ROOM = {"id": 7, "title": "Chat"}


@pytest.fixture
def read(api: Api) -> Operation:
    return api.load().operations["readRoom"]


@pytest.mark.parametrize(
    "status, content_type, body",
    [
        (200, JSON, ROOM),
        (200, "Application/JSON; charset=utf-8", ROOM),
        (200, "application/vnd.rooms+json", ROOM),
        (401, JSON, {}),
        (418, "application/problem+json", {}),
    ],
)
def test_an_answer_as_documented_is_fine(
    read: Operation, status: int, content_type: str, body: object
) -> None:
    assert read.check_response(status, content_type, body) == ()


@pytest.mark.parametrize(
    "status, content_type, body, told",
    [
        (500, None, ABSENT, Violation("", "/responses", "status 500 is not documented", "200, 401, 4XX", "500", "stated")),
        (201, JSON, ROOM, Violation("", "/responses", "status 201 is not documented", "200, 401, 4XX", "201", "shown")),
        (200, JSON, ABSENT, Violation("", "/content", "there is no body", "a body of type application/json", "nothing", "stated")),
        (200, JSON, NotJson(""), Violation("", "/content", "there is no body", "a body of type application/json", "nothing", "stated")),
        (200, None, ROOM, Violation("", "/content", "there is no content type", JSON, "nothing", "stated")),
        (200, "text/html", NotJson("<p>"), Violation("", "/content", "the content type is text/html", JSON, "text/html", "stated")),
        (200, JSON, NotJson("<p>"), Violation("", "/content", "the body is not JSON", "a JSON text", "<p>", "stated")),
        (200, JSON, [], Violation("", "/$ref/type", "the body is a list, not an object", "an object", "[]", "stated")),
        (200, JSON, None, Violation("", "/$ref/type", "the body is null, not an object", "an object", "null", "stated")),
        (404, JSON, [], Violation("", "/type", "the body is a list, not an object", "an object", "[]", "stated")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_told(
    read: Operation, status: int, content_type: str | None, body: object, told: Violation
) -> None:
    assert read.check_response(status, content_type, body) == (told,)


HEADERS = """\
          headers:
            X-Left: {required: true, schema: {type: integer, minimum: 1, x-basis: shown}}
            X-Note: {schema: {type: string, pattern: ^a}}
            Content-Type: {schema: {type: string, pattern: ^never}}
"""


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"X-Left": "3"}, []),
        ({"x-left": "3", "X-NOTE": "abc", "Content-Type": "text/html"}, []),
        ({}, ["there is no header X-Left"]),
        ({"X-Left": "few"}, ["the header X-Left is text, not a whole number"]),
        ({"X-Left": "0"}, ["the header X-Left is 0, not at least 1"]),
        ({"X-Left": "1", "X-Note": "b"}, ['the header X-Note is "b", not text like "^a"']),
    ],
)
def test_headers_are_judged_by_what_is_documented_of_them(
    api: Api, sent: dict[str, str], told: list[str]
) -> None:
    spec = api.http("          description: the room\n", f"          description: the room\n{HEADERS}").load()
    response = spec.operations["readRoom"].responses["200"]
    wrong = [violation for header in response.headers for violation in header.check(sent)]
    assert [violation.message for violation in wrong] == told
    assert {violation.basis for violation in wrong} <= {"shown", "stated"}


def test_an_answer_without_a_body_has_none(api: Api) -> None:
    login = api.load().operations["login"]
    assert login.check_response(204, None, ABSENT) == ()
    assert login.check_response(204, JSON, NotJson("")) == ()
    (violation,) = login.check_response(204, JSON, {"a": 1})
    assert (violation.message, violation.heard) == (
        "a body where status 204 is documented without one",
        'an object: {"a": 1}',
    )


def test_another_success_than_the_decided_one_breaks_what_was_decided(api: Api) -> None:
    api.http("        204: {description: known already}\n", "")
    login = api.load().operations["login"]
    (violation,) = login.check_response(200, JSON, {"token": "a"})
    assert violation.basis == "decided"


def test_a_decided_status_does_not_make_its_body_decided(api: Api) -> None:
    (violation,) = api.load().operations["login"].check_response(201, JSON, {})
    assert (violation.message, violation.basis) == ("the body lacks 'token'", "stated")


def test_any_status_may_be_documented(api: Api) -> None:
    api.http("        204: {description: known already}", "        default: {description: all else}")
    assert api.load().operations["login"].check_response(599, None, ABSENT) == ()


def test_a_range_of_media_types_takes_them_all_and_judges_json_only(api: Api) -> None:
    api.http(
        "        204: {description: known already}",
        "        200: {description: a picture, content: {image/*: {schema: {type: string}}, '*/*': {}}}",
    )
    login = api.load().operations["login"]
    assert login.check_response(200, "image/png", NotJson("\x89PNG")) == ()
    assert login.check_response(200, "text/html", NotJson("<p>")) == ()
    assert login.check_response(200, JSON, {"any": "thing"}) == ()
    assert login.check_response(200, "image/png", ABSENT) == ()


CREATED = {"type": "created", "message": {"id": 1, "text": "hello"}}


def test_a_frame_is_recognised_by_its_constant_valid_or_not(api: Api) -> None:
    inbox = api.load().channels["inbox"]
    for payload in (CREATED, {"type": "created"}, {"type": "created", "who": 1}):
        assert inbox.recognise(payload) is inbox.hears["created"]
    assert inbox.recognise({"type": "typing", "who": 1}) is inbox.hears["typing"]


@pytest.mark.parametrize(
    "payload", [{"type": "other"}, {"text": "hello"}, [], None, "created", 1, NotJson("created"), ABSENT]
)
def test_what_is_no_documented_frame_is_none(api: Api, payload: object) -> None:
    assert api.load().channels["inbox"].recognise(payload) is None


@pytest.mark.parametrize(
    "payload, told",
    [
        ({"type": "other"}, Violation("/type", "", 'no documented frame has the type "other"', 'one of "created", "typing"', '"other"', "stated")),
        ({"kind": "created"}, Violation("", "", "the frame has no 'type' to know it by", 'one of "created", "typing"', '{"kind": "created"}', "stated")),
        ([1], Violation("", "", "the frame is none of the documented ones", "created, typing", "[1]", "stated")),
        (NotJson("hello"), Violation("", "", "the frame is not JSON", "a JSON text", "hello", "stated")),
        ({"type": "created", "message": {"id": 1, "text": 2}}, Violation("/message/text", "/properties/message/$ref/properties/text/type", "/message/text is a number, not text", "text", "2", "shown")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_frame_is_told(api: Api, payload: object, told: Violation) -> None:
    assert api.load().channels["inbox"].check_frame(payload) == (told,)


def test_a_frame_as_documented_is_fine(api: Api) -> None:
    assert api.load().channels["inbox"].check_frame(CREATED) == ()


def test_where_all_frames_are_decided_an_unknown_one_breaks_what_was_decided(api: Api) -> None:
    api.socket('      x-clause: "1"\n', "      x-basis: decided\n")
    (violation,) = api.load().channels["inbox"].check_frame({"type": "other"})
    assert violation.basis == "decided"


def frames(api: Api, created: str, typing: str) -> Api:
    """The API with other payloads of its two frames from the server."""
    text = api.files["asyncapi.yaml"]
    start, end = text.index("    created:\n"), text.index("    say:\n      payload:")
    api.files["asyncapi.yaml"] = (
        f"{text[:start]}    created: {{payload: {created}}}\n    typing: {{payload: {typing}}}\n{text[end:]}"
    )
    return api


def test_of_frames_with_the_same_constant_the_valid_one_is_meant(api: Api) -> None:
    payload = "{required: [n], properties: {type: {const: x}, n: {type: %s}}}"
    inbox = frames(api, payload % "string", payload % "integer").load().channels["inbox"]
    assert inbox.recognise({"type": "x", "n": "1"}) is inbox.hears["created"]
    assert inbox.recognise({"type": "x", "n": 1}) is inbox.hears["typing"]
    assert inbox.recognise({"type": "x", "n": None}) is inbox.hears["created"]


def test_of_frames_with_the_same_constants_the_one_with_more_is_meant(api: Api) -> None:
    created, typing = (
        "{properties: {type: {const: x}}}",
        "{properties: {type: {const: x}, ok: {const: true}}}",
    )
    inbox = frames(api, created, typing).load().channels["inbox"]
    assert inbox.recognise({"type": "x", "ok": True}) is inbox.hears["typing"]
    assert inbox.recognise({"type": "x", "ok": 1}) is inbox.hears["created"]


def test_a_frame_that_lacks_only_one_of_its_constants_is_not_said_to_lack_the_other(api: Api) -> None:
    created, typing = (
        "{properties: {type: {const: x}, ok: {const: true}}}",
        "{properties: {type: {const: y}}}",
    )
    inbox = frames(api, created, typing).load().channels["inbox"]
    (violation,) = inbox.check_frame({"type": "x", "ok": False})
    assert violation.message == "the frame is none of the documented ones"


def test_frames_without_constants_are_known_by_their_choices_then_by_being_valid(api: Api) -> None:
    created, typing = "{properties: {status: {enum: [a, b]}}, required: [n]}", "{type: object, required: [m]}"
    inbox = frames(api, created, typing).load().channels["inbox"]
    assert inbox.recognise({"status": "b"}) is inbox.hears["created"]
    assert inbox.recognise({"m": 1}) is inbox.hears["typing"]
    assert inbox.recognise({"status": "c"}) is None


def test_a_constant_behind_references_marks_a_frame_too(api: Api) -> None:
    created = "{allOf: [{$ref: 'openapi.yaml#/components/schemas/Room'}, {properties: {type: {allOf: [{const: room}]}}}]}"
    inbox = frames(api, created, "{properties: {type: {enum: [typing]}}}").load().channels["inbox"]
    assert inbox.recognise({"type": "room"}) is inbox.hears["created"]
    assert inbox.recognise({"type": "typing"}) is inbox.hears["typing"]
    assert len(inbox.check_frame({"type": "room"})) == 2
