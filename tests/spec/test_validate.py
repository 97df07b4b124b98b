"""Schemas that mean nothing, and examples that do not fit, are told with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.spec.conftest import Api

TEXT = "        text: {type: string}\n"


@pytest.mark.parametrize(
    "schema, told",
    [
        ("{type: strin}", '/properties/text/type is "strin", not one of "array", "boolean"'),
        ("{type: string, minLength: -1}", "/minLength is -1, not at least 0"),
        ("{type: string, pattern: '('}", '/pattern is "(", not a regular expression'),
        ("{type: object, required: text}", "/required is text, not a list"),
        ("{properties: [id]}", "/properties is a list, not an object"),
        ("[string]", "/properties/text is a list, not an object or true or false"),
        ("{type: string, minLenght: 1}", "'minLenght' is no keyword of a schema\n    did you mean 'minLength'?"),
        ("{type: string, nullable: true}", "nullable is of OpenAPI 3.0 and means nothing here\n    expected: type: [string, 'null']"),
        ("{type: string, format: datetime}", "unknown format 'datetime'\n    did you mean 'date-time'?"),
        ("{$id: 'https://example.com/x', type: string}", "$id is not read here"),
        ("{$dynamicRef: '#x'}", "$dynamicRef is not read here"),
        ("{type: string, x-basis: maybe}", 'unknown x-basis "maybe"'),
        ("{type: string, x-clause: '9'}", "x-clause '9' is no clause"),
        ("{type: string, x-refusals: {}}", "x-refusals means nothing on this schema"),
        ("{type: string, x-basic: shown}", "unknown extension 'x-basic'\n    did you mean 'x-basis'?"),
        ("{allOf: [{items: {nullable: true}}]}", "nullable is of OpenAPI 3.0"),
        ("{$ref: '#/components/schemas/Message'}", "$ref leads back to itself") ,
    ],
)  # fmt: skip
def test_a_schema_that_means_nothing_is_told_with_its_line(api: Api, schema: str, told: str) -> None:
    looped = "leads back" in told
    if looped:
        # Only a circle that stays at one and the same value is endless.
        api.http(
            "      type: object\n      x-basis: shown\n",
            f"      x-basis: shown\n      allOf: [{schema}] #!\n",
        )
    else:
        api.http(TEXT, f"        text: {schema} #!\n")
    assert told in api.problem()


def test_a_schema_may_contain_itself(api: Api) -> None:
    api.http(
        TEXT, TEXT + '        reply_to: {anyOf: [{$ref: "#/components/schemas/Message"}, {type: "null"}]}\n'
    )
    message = api.load().operations["readRoom"].responses["200"].content["application/json"]
    assert message is not None
    nested: dict[str, object] = {"id": 1, "text": "a", "reply_to": None}
    assert message.fits({"id": 1, "title": "a", "last": {"id": 2, "text": "b", "reply_to": nested}})
    nested["id"] = "one"
    assert not message.fits({"id": 1, "title": "a", "last": {"id": 2, "text": "b", "reply_to": nested}})


def test_two_schemas_that_mean_each_other_are_told(api: Api) -> None:
    one = '    A: {allOf: [{$ref: "#/components/schemas/B"}]} #!\n'
    other = '    B: {oneOf: [{$ref: "#/components/schemas/A"}]} #!\n'
    api.http("  schemas:\n", f"  schemas:\n{one}{other}")
    problems = api.problems()
    assert {problem.what for problem in problems} == {"$ref leads back to itself"}
    assert [("openapi.yaml", problem.where.line) for problem in problems if problem.where] == api.marked()


def test_others_extensions_are_none_of_our_business(api: Api) -> None:
    api.http(TEXT, "        text: {type: string, x-faker: name, x-tags: [a], x-internal: true}\n")
    api.load()


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("schema: {type: integer}, example: 7}", "schema: {type: integer}, example: seven} #!", "the example is text, not a whole number"),
        ("examples: {second: {value: 2}}", "examples: {zeroth: {value: 0}} #!", "the example is 0, not at least 1"),
        ("example: {id: 7, title: Chat}", "example: {id: 7} #!", "the example lacks 'title'"),
        ("example: {id: 7, title: Chat}", "example:\n                id: 7\n                title: '' #!", "/title has 0 characters, not at least 1 character"),
        ("examples: {alice: {value: {name: alice}}}", "examples: {alice: {value: {name: 1}}} #!", "/name is a number, not text"),
        ("- {id: 1, text: hello, sent: 2025-10-22T14:30:00Z}", "- {id: 1, text: hello, sent: 2025-10-22} #!", '/sent is "2025-10-22", not a time such as'),
        ("        text: {type: string}\n", "        text: {type: string, example: 3} #!\n", "the example is a number, not text"),
    ],
)  # fmt: skip
def test_an_example_that_does_not_fit_is_told_with_its_line(api: Api, old: str, new: str, told: str) -> None:
    api.http(old, new)
    assert api.problem().startswith(f"the example does not fit its schema: {told}")


def test_an_example_is_not_judged_by_a_broken_schema(api: Api) -> None:
    api.http(
        "        id: {type: integer, x-basis: stated}\n", "        id: {type: intger, x-basis: stated} #!\n"
    )
    assert "intger" in api.problem()


def test_an_unused_component_is_checked_too(api: Api) -> None:
    api.http("  schemas:\n", "  schemas:\n    Unused: {type: nothing} #!\n")
    assert "nothing" in api.problem()


def test_an_example_by_reference_is_followed(api: Api) -> None:
    api.http("examples: {second: {value: 2}}", "examples: {second: {$ref: '#/components/examples/second'}}")
    api.http("components:\n", "components:\n  examples:\n    second: {value: two} #!\n")
    assert "the example is text, not a whole number" in api.problem()


def test_a_schema_nested_out_of_all_reason_is_told(api: Api) -> None:
    api.http(TEXT, "        text: " + "{items: " * 70 + "{}" + "}" * 70 + " #!\n")
    problems = api.problems()
    assert [
        ("openapi.yaml", p.where.line) for p in problems if p.where and "nested" in p.what
    ] == api.marked()


def test_a_schema_nested_as_deep_as_documents_may_be_is_judged(api: Api) -> None:
    api.http(TEXT, "        text: " + "{items: " * 58 + "{type: intger}" + "}" * 58 + " #!\n")
    assert "intger" in api.problem()
