"""References lead into the folder and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from earwitness.errors import Problem
from earwitness.spec.refs import open_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.spec.conftest import Api

LAST = '        last: {$ref: "#/components/schemas/Message"}'


@pytest.mark.parametrize(
    "ref, told",
    [
        ("'#/components/schemas/Mesage'", "has no 'Mesage'\n    did you mean 'Message'?"),
        ("'#/components/nothing/at/all'", "/components has no 'nothing'"),
        ("'#Message'", "a JSON pointer after the #"),
        ("'https://example.com/schema.yaml'", "Earwitness never fetches a document"),
        ("'file:///etc/passwd'", "Earwitness never fetches a document"),
        ("'//example.com/schema.yaml'", "Earwitness never fetches a document"),
        ("'../other/openapi.yaml#/x'", "a file in the same folder, named without a path"),
        ("'%2e%2e/openapi.yaml#/x'", "a file in the same folder, named without a path"),
        ("'opnapi.yaml#/x'", "points to opnapi.yaml, which is not here\n    expected: a file in the same folder\n    did you mean 'openapi.yaml'?"),
        ("12", "/properties/last/$ref is a number, not text"),
    ],
)  # fmt: skip
def test_a_reference_to_nowhere_is_told_with_its_line(api: Api, ref: str, told: str) -> None:
    api.http(LAST, f"        last: {{$ref: {ref}}} #!")
    assert told in api.problem()


@pytest.mark.parametrize(
    "ref",
    [
        "./openapi.yaml#/components/schemas/Message",
        "#/components/schemas/%4Dessage",
        "#/components/schemas/Room/properties/id",
    ],
)
def test_a_reference_may_be_spelt_in_several_ways(api: Api, ref: str) -> None:
    api.http(LAST, f'        last: {{$ref: "{ref}"}}')
    room = api.load().operations["readRoom"].responses["200"].content["application/json"]
    assert room is not None
    assert not room.fits({"id": 1, "title": "a", "last": "text"})


def test_a_pointer_goes_through_paths_and_lists(api: Api) -> None:
    api.http(LAST, '        last: {$ref: "#/paths/~1rooms~1%7Broom%7D~1/parameters/0/schema"}')
    room = api.load().operations["readRoom"].responses["200"].content["application/json"]
    assert room is not None
    assert room.fits({"id": 1, "title": "a", "last": 7})
    assert not room.fits({"id": 1, "title": "a", "last": "seven"})


def test_references_in_a_circle_are_told(api: Api) -> None:
    api.http(
        "    Refused:\n",
        '    Refused: {$ref: "#/components/responses/Again"} #!\n    Again: {$ref: "#/components/responses/Refused"}\n    Old:\n',
    )
    problems = api.problems()
    assert {problem.what for problem in problems} == {"$ref leads back to itself"}


def test_a_broken_sibling_is_told_in_its_own_lines(api: Api) -> None:
    api.http(LAST, '        last: {$ref: "more.yaml#/Message"}')
    api.files["more.yaml"] = "Message:\n  type: strng #!\n"
    (problem,) = api.problems()
    assert '/type is "strng", not' in problem.what
    assert problem.where is not None
    assert problem.where.line == 2


def test_a_reference_to_a_file_that_cannot_be_read_says_so(api: Api) -> None:
    api.http(LAST, '        last: {$ref: "more.yaml#/Message"} #!')
    api.files["more.yaml"] = "a: b: c #!\n"
    shown = "\n".join(map(str, api.problems()))
    assert "$ref points to more.yaml, which could not be read" in shown
    assert "more.yaml:1: not readable as YAML" in shown


def test_a_data_field_called_ref_that_leads_nowhere_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("example: {$ref: secrets.yaml}\n", encoding="utf-8")
    (document,) = open_folder(tmp_path, ("a.yaml",)).documents.values()
    assert (document.name, document.problems) == ("a.yaml", ())


def test_following_ends_at_the_first_thing_that_is_no_reference(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: {$ref: '#/b'}\nb: {$ref: '#/c/0'}\nc: [{d: 1}]\n", encoding="utf-8")
    folder = open_folder(tmp_path, ("a.yaml",))
    root = folder.root("a.yaml")
    assert root is not None
    start = root.get("a")
    assert start is not None
    end = folder.follow(start)
    assert not isinstance(end, Problem)
    assert (end.pointer, end.value, end.where.line) == ("/c/0", {"d": 1}, 3)
