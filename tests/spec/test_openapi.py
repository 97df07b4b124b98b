"""Everything in openapi.yaml that means nothing, or not what was meant, is told with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from earwitness.spec import Refusal

if TYPE_CHECKING:
    from tests.spec.conftest import Api


def test_an_operation_has_what_the_document_says(api: Api) -> None:
    spec = api.load()
    assert (spec.name, spec.folder, spec.title) == ("small", api.folder, "Small chat")
    read = spec.operations["readRoom"]
    assert (read.method, read.path, read.clause, read.basis) == ("GET", "/rooms/{room}/", "1", "stated")
    assert [(p.name, p.location, p.required) for p in read.parameters] == [
        ("room", "path", True),
        ("page", "query", False),
    ]
    assert [p.schema.examples for p in read.parameters] == [(7,), (2,)]
    assert read.refusals == {
        "anonymous": Refusal("anonymous", 401, "stated", "1"),
        "not-a-member": Refusal("not-a-member", 404, "shown", "2"),
    }
    assert list(read.responses) == ["200", "401", "4XX"]
    assert (read.responses["200"].basis, read.responses["200"].clause) == ("shown", "1")
    assert (read.secured, read.presigned, read.request) == (True, False, None)
    assert (Path(read.where.file).name, read.where.line) == ("openapi.yaml", 11)


def test_an_operation_that_needs_no_credential_is_not_secured(api: Api) -> None:
    login = api.load().operations["login"]
    assert not login.secured
    assert login.request is not None
    assert login.request.required
    assert login.request.content["application/json"].examples == ({"name": "alice"},)


@pytest.mark.parametrize("security", ["[{}, {token: []}]", "[]"])
def test_an_optional_credential_is_none(api: Api, security: str) -> None:
    api.http("operationId: readRoom", f"operationId: readRoom\n      security: {security}")
    assert not api.load().operations["readRoom"].secured


def test_a_presigned_operation_says_so(api: Api) -> None:
    api.http("operationId: login", "operationId: login\n      x-presigned: true")
    assert api.load().operations["login"].presigned


def test_an_operation_lends_its_clause_and_basis_to_its_responses(api: Api) -> None:
    api.http("operationId: login", 'operationId: login\n      x-basis: shown\n      x-clause: "1"')
    responses = api.load().operations["login"].responses
    assert (responses["204"].basis, responses["204"].clause) == ("shown", "1")
    assert (responses["201"].basis, responses["201"].clause) == ("decided", "2")


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("openapi: 3.1.0", "openapi: 3.0.3 #!", ["openapi is '3.0.3'", "a version 3.1.x"]),
        ("openapi: 3.1.0", "openapi: 3.1 #!", ["openapi is a number", 'quote it: "3.1"']),
        ("url: http://localhost:8000", "url: http://localhost:8000/api/ #!", ["has a path"]),
        ("url: http://localhost:8000", "url: /api #!", ["has a path"]),
        ("/login/:", "login/: #!", ["does not start with a slash", "/login/"]),
        ("    post:\n", "    post: #!\n      x-audience: {must: others} #!\n".replace(" #!", "", 1), ["x-audience means nothing on this operation", "a message"]),
        ("operationId: login", "operationId: 12 #!", ["operationId is a number", 'quote it: "12"']),
        ("operationId: login", "operationId: readRoom", ["operationId readRoom is here twice, first on line 11"]),
        ("x-clause: \"1\"", "x-clause: 1 #!", ["x-clause is a number", 'quote it: "1"']),
        ("x-clause: \"1\"", "x-clause: \"3\" #!", ["'3' is no clause of checklist.yaml", "known: 1, 2"]),
        ("x-basis: shown", "x-basis: show #!", ["unknown x-basis \"show\"", "did you mean 'shown'?"]),
        ("x-basis: shown", "x-bases: shown #!", ["unknown extension 'x-bases'", "did you mean 'x-basis'?"]),
        ("security: []", "security: token #!", ["security is text", "a list of security requirements"]),
        ("security: []", "security: [token] #!", ["a security requirement is text"]),
        ("security: []", "x-presigned: yes #!\n      security: []", ["x-presigned is \"yes\"", "true or false"]),
        ("anonymous: {status: 401}", "anonymus: {status: 401} #!\n        anonymous: {status: 401}", ["unknown relation 'anonymus'", "did you mean 'anonymous'?"]),
        ("not-a-member: {status: 404,", "not-a-member: {status: '404', #!\n         ", ["status is \"404\"", "a number from 400 to 599"]),
        ("not-a-member: {status: 404,", "not-a-member: {status: true, #!\n         ", ["status is true"]),
        ("not-a-member: {status: 404,", "not-a-member: {status: 302, #!\n         ", ["status is 302"]),
        ("not-a-member: {status: 404,", "not-a-member: { #!\n         ", ["the refusal not-a-member has no status"]),
        ("not-a-member: {status: 404,", "not-a-member: {status: 503, #!\n         ", ["not-a-member is refused with 503", "one of 200, 401, 4XX"]),
        ("basis: shown, clause", "bases: shown, clause", ["unknown key 'bases' in the refusal", "did you mean 'basis'?"]),
        ("basis: shown, clause", "basis: said, clause", ["unknown basis \"said\"", "stated"]),
        ("basis: shown, clause: \"2\"", "basis: shown, clause: \"9\"", ["clause '9' is no clause"]),
        ("anonymous: {status: 401}", "anonymous: 401 #!", ["anonymous is a number", "a map such as"]),
        ("        anonymous: {status: 401}\n", "", ["readRoom needs a credential", "anonymous: {status: …}"]),
        ("204: {description: known already}", "2O4: {description: known already} #!", ["'2O4' is no status", "a class such as 4XX"]),
        ("204: {description: known already}", "204: known already #!", ["204 is text", "a response"]),
        ("in: query", "in: cookie #!", ["unknown in \"cookie\"", "path, query"]),
        ("name: room, in: path", "name: rooms, in: path", ["{room} in /rooms/{room}/ is no declared path parameter", "did you mean 'rooms'?"]),
        ("          schema: {type: integer, minimum: 1}\n          examples: {second: {value: 2}}\n", "", ["the parameter 'page' has no schema"]),
        ("schema: {type: object, required: [name], properties: {name: {type: string}}}\n            examples: {alice: {value: {name: alice}}}", "example: 1", ["application/json has no schema"]),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_with_its_line(api: Api, old: str, new: str, words: list[str]) -> None:
    api.http(old, new)
    problems = api.problems()
    shown = "\n".join(map(str, problems))
    for word in words:
        assert word in shown
    if "#!" in new:
        assert [("openapi.yaml", p.where.line) for p in problems if p.where] == api.marked(), shown


def test_responses_have_to_be_a_map(api: Api) -> None:
    api.http("        204: {description: known already}\n", "")
    text = api.files["openapi.yaml"]
    start = text.index("      responses:\n        201:")
    end = text.index("components:")
    api.files["openapi.yaml"] = text[:start] + "      responses: [201] #!\n" + text[end:]
    assert api.problem() == "responses is a list\n    expected: a map of status to response"


def test_what_is_missing_is_missing_where_it_should_be(api: Api) -> None:
    api.http("    post:\n      operationId: login\n", "    post: #!\n")
    assert api.problem() == "operationId is missing\n    expected: a text"


def test_a_path_parameter_has_to_be_in_the_path(api: Api) -> None:
    api.http("    get:\n", "    get: #!\n").http(
        "- name: page\n          in: query", "- name: page\n          in: path"
    )
    assert "the path parameter 'page' is not in /rooms/{room}/" in api.problem()


def test_two_paths_that_differ_in_names_only_are_one(api: Api) -> None:
    api.http(
        "/login/:\n    post:",
        "/rooms/{id}/:\n    parameters: [{name: id, in: path, required: true, schema: {}}]\n    get: #!",
    )
    assert "GET /rooms/{id}/ is the same path as that of readRoom" in api.problem()


def test_a_parameter_of_an_operation_replaces_that_of_its_path(api: Api) -> None:
    api.http(
        "        - name: page\n",
        "        - {name: room, in: path, required: true, schema: {type: string}}\n        - name: page\n",
    )
    room, _ = api.load().operations["readRoom"].parameters
    assert room.schema.raw == {"type": "string"}


def test_a_parameter_twice_is_told(api: Api) -> None:
    api.http(
        "        - name: page\n", "        - {name: page, in: query, schema: {}}\n        - name: page #!\n"
    )
    assert "the query parameter 'page' is here twice" in api.problem()


def test_all_problems_are_told_at_once_in_the_order_of_the_files(api: Api) -> None:
    api.http("x-basis: shown", "x-basis: show #!").http("in: query", "in: cookie #!")
    api.socket("must: others", "must: other").listed("id: SOCK-1", "id: ROOM-1 #!")
    api.socket(
        "x-audience: {must: other, may: sender, basis: shown}",
        "x-audience: {must: other, may: sender, basis: shown} #!",
    )
    problems = api.problems()
    places = [(Path(p.where.file).name, p.where.line) for p in problems if p.where]
    assert len(problems) == 4
    assert places == sorted(places) == api.marked()
