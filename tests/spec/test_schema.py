"""A miss is told in few words, with its place and with the basis of the promise that is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from earwitness.spec import Schema
from earwitness.spec.refs import open_folder
from earwitness.spec.schema import MAX_VIOLATIONS
from earwitness.spec.tree import MAX_DEPTH


def schema(tmp_path: Path, text: str, pointer: str = "schema") -> Schema:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    folder = open_folder(tmp_path, ("a.yaml",))
    root = folder.root("a.yaml")
    assert root is not None
    node = root.get(pointer)
    assert node is not None
    return Schema.at(node, folder)


@pytest.mark.parametrize(
    "text, instance, message, expected",
    [
        ("{type: integer}", "a", "the value is text, not a whole number", "a whole number"),
        ("{type: integer}", True, "the value is true, not a whole number", "a whole number"),
        ("{type: [string, 'null']}", 1, "the value is a number, not text or null", "text or null"),
        ("{type: object}", [], "the value is a list, not an object", "an object"),
        ("{enum: [a, 1]}", "b", 'the value is "b", not one of "a", 1', 'one of "a", 1'),
        ("{const: true}", False, "the value is false, not true", "true"),
        ("{const: 1}", True, "the value is true, not 1", "1"),
        ("{minLength: 1}", "", "the value has 0 characters, not at least 1 character", "at least 1 character"),
        ("{maxItems: 2}", [1, 2, 3], "the value has 3 elements, not at most 2 elements", "at most 2 elements"),
        ("{minProperties: 1}", {}, "the value has 0 properties, not at least 1 property", "at least 1 property"),
        ("{minimum: 0}", -1, "the value is -1, not at least 0", "at least 0"),
        ("{exclusiveMaximum: 5}", 5, "the value is 5, not less than 5", "less than 5"),
        ("{multipleOf: 2}", 3, "the value is 3, not a multiple of 2", "a multiple of 2"),
        ("{pattern: ^a}", "b", 'the value is "b", not text like "^a"', 'text like "^a"'),
        ("{format: uuid}", "b", 'the value is "b", not a UUID', "a UUID"),
        ("{uniqueItems: true}", [1, 1], "the value is [1, 1]; expected no element twice", "no element twice"),
        ("{required: [id]}", {}, "the value lacks 'id'", "the property 'id'"),
        ("{additionalProperties: false, properties: {a: {}}, patternProperties: {^x: {}}}", {"a": 1, "x1": 1, "b": 1}, "the value has the undocumented 'b'", "no undocumented property"),
        ("{anyOf: [{type: string}, {type: integer}]}", [], "the value is []; expected one of the documented shapes", "one of the documented shapes"),
        ("{oneOf: [{type: integer}, {minimum: 1}]}", 2, "the value is 2; expected exactly one of the documented shapes", "exactly one of the documented shapes"),
        ("false", 1, "the value is 1; expected nothing here", "nothing here"),
    ],
)  # fmt: skip
def test_a_miss_is_told_in_few_words(
    tmp_path: Path, text: str, instance: object, message: str, expected: str
) -> None:
    (violation,) = schema(tmp_path, f"schema: {text}").check(instance)
    assert (violation.message, violation.expected, violation.pointer) == (message, expected, "")
    assert violation.heard == json.dumps(instance)


def test_a_miss_inside_is_told_by_its_place(tmp_path: Path) -> None:
    (violation,) = schema(tmp_path, "schema: {properties: {a/b: {items: {type: integer}}}}").check(
        {"a/b": [1, "x"]}
    )
    assert (violation.pointer, violation.schema_pointer) == ("/a~1b/1", "/properties/a~1b/items/type")
    assert (violation.message, violation.heard) == ("/a~1b/1 is text, not a whole number", '"x"')


def test_the_whole_is_called_by_its_name(tmp_path: Path) -> None:
    (violation,) = schema(tmp_path, "schema: {type: object}").check(1, "the frame")
    assert violation.message == "the frame is a number, not an object"


def test_the_alternative_that_was_meant_is_judged(tmp_path: Path) -> None:
    text = (
        "schema: {anyOf: [{type: 'null'}, {type: object, required: [id], properties: {id: {type: integer}}}]}"
    )
    (violation,) = schema(tmp_path, text).check({"id": "x"})
    assert (violation.pointer, violation.message) == ("/id", "/id is text, not a whole number")
    marked = "{oneOf: [{properties: {t: {const: a}, n: {type: integer}}}, {properties: {t: {const: b}, n: {type: string}}}]}"
    (violation,) = schema(tmp_path, f"schema: {marked}").check({"t": "b", "n": 1})
    assert violation.message == "/n is a number, not text"


BASES = """\
schema:
  allOf: [{$ref: "#/base"}]
  required: [id, own, nested, plain]
  properties:
    own: {x-basis: shown}
base:
  x-basis: decided
  properties:
    id: {type: integer, x-basis: stated}
    plain: {type: integer}
    nested:
      type: object
      x-basis: shown
      properties:
        deep: {type: integer}
        deeper: {type: integer, x-basis: decided}
    list:
      type: array
      items: {$ref: "#/item"}
item: {type: object, required: [a], properties: {a: {x-basis: shown}}}
outer:
  x-basis: shown
  type: object
  required: [thing]
  properties:
    thing: {$ref: "#/base"}
"""


@pytest.mark.parametrize(
    "pointer, instance, basis",
    [
        ("schema", {"own": 1, "nested": {}, "plain": 1}, "stated"),
        ("schema", {"id": 1, "nested": {}, "plain": 1}, "shown"),
        ("schema", {"id": 1, "own": 1, "plain": 1}, "shown"),
        ("schema", {"id": 1, "own": 1, "nested": {}}, "stated"),
        ("schema", {"id": "1", "own": 1, "nested": {}, "plain": 1}, "stated"),
        ("schema", {"id": 1, "own": 1, "nested": {}, "plain": "1"}, "decided"),
        ("schema", {"id": 1, "own": 1, "nested": {"deep": "1"}, "plain": 1}, "shown"),
        ("schema", {"id": 1, "own": 1, "nested": {"deeper": "1"}, "plain": 1}, "decided"),
        ("base", {"list": [1]}, "decided"),
        ("base", {"list": [{}]}, "shown"),
        ("outer", {}, "shown"),
        ("outer", 1, "shown"),
        ("outer", {"thing": {"plain": "1"}}, "decided"),
    ],
)
def test_a_miss_has_the_basis_of_the_innermost_promise(
    tmp_path: Path, pointer: str, instance: object, basis: str
) -> None:
    (violation,) = schema(tmp_path, BASES, pointer).check(instance)
    assert violation.basis == basis


def test_the_basis_of_a_shape_is_the_first_on_it(tmp_path: Path) -> None:
    assert [schema(tmp_path, BASES, name).basis for name in ("schema", "base", "outer")] == [
        "decided",
        "decided",
        "shown",
    ]
    assert schema(tmp_path, BASES, "item").basis == "stated"


def test_a_reference_and_what_stands_beside_it_both_count(tmp_path: Path) -> None:
    beside = schema(
        tmp_path,
        "schema: {$ref: '#/b', x-basis: decided, required: [x]}\nb: {properties: {x: {type: integer}}}",
    )
    (missing,) = beside.check({})
    (wrong,) = beside.check({"x": "1"})
    assert (missing.basis, wrong.basis) == ("decided", "decided")
    assert wrong.schema_pointer == "/$ref/properties/x/type"
    assert beside.properties() == {"x"}


def test_raw_is_the_schema_as_it_is_written(tmp_path: Path) -> None:
    assert schema(
        tmp_path, "schema: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {type: string, examples: [x]}"
    ).raw == {
        "type": "string",
        "examples": ["x"],
    }
    assert schema(tmp_path, "schema: true").raw is True


def test_examples_of_a_schema_are_its_own(tmp_path: Path) -> None:
    assert schema(tmp_path, "schema: {examples: [1, 2], example: 3}").examples == (1, 2, 3)


def test_properties_of_all_shapes_are_known(tmp_path: Path) -> None:
    text = "schema: {properties: {a: {}}, allOf: [{$ref: '#/b'}], anyOf: [{properties: {c: {}}}]}\nb: {properties: {b: {}}}"
    assert schema(tmp_path, text).properties() == {"a", "b", "c"}


def test_a_schema_can_be_taken_along_with_all_it_needs(tmp_path: Path) -> None:
    text = "schema: {properties: {a: {$ref: '#/x/item'}}}\nx: {item: {items: {$ref: '#/y/item'}}}\ny: {item: {$ref: '#/x/item', x-basis: shown}}\n"
    whole, definitions = schema(tmp_path, text).bundled("#/components/schemas/")
    assert whole == {"properties": {"a": {"$ref": "#/components/schemas/item"}}}
    assert definitions == {
        "item": {"items": {"$ref": "#/components/schemas/item-2"}},
        "item-2": {"x-basis": "shown", "$ref": "#/components/schemas/item"},
    }


def test_names_of_what_is_taken_along_need_no_escaping(tmp_path: Path) -> None:
    whole, definitions = schema(
        tmp_path, "schema: {items: {$ref: '#/a~1b c'}}\na/b c: {type: string}\n"
    ).bundled()
    assert (whole, definitions) == ({"items": {"$ref": "#/$defs/a_1b_c"}}, {"a_1b_c": {"type": "string"}})


def test_what_was_heard_is_cut(tmp_path: Path) -> None:
    (violation,) = schema(tmp_path, "schema: {type: integer}").check("x" * 10_000)
    assert len(violation.heard) == 200
    (violation,) = schema(tmp_path, "schema: {enum: [a]}").check({"x" * 300: 1})
    assert len(violation.message) < 120


def test_what_was_heard_can_be_printed_whatever_it_was(tmp_path: Path) -> None:
    (violation,) = schema(tmp_path, "schema: {enum: [a]}").check("\ud800")
    assert violation.heard == '"\\ud800"'
    violation.message.encode("utf-8")


def test_many_misses_are_few_and_always_the_same(tmp_path: Path) -> None:
    many = schema(tmp_path, "schema: {additionalProperties: {type: integer}}")
    found = many.check({f"k{i:03}": "x" for i in range(100)})
    assert [violation.pointer for violation in found] == [f"/k{i:03}" for i in range(MAX_VIOLATIONS)]


def nested(levels: int) -> object:
    value: object = {}
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize("text", ["{type: object}", "{$ref: '#/tree'}", "{}"])
@pytest.mark.parametrize("levels", [MAX_DEPTH, 500, 100_000])
def test_a_value_nested_too_deeply_is_told_not_followed(tmp_path: Path, text: str, levels: int) -> None:
    tree = schema(tmp_path, f"schema: {text}\ntree: {{properties: {{a: {{$ref: '#/tree'}}}}}}")
    (violation,) = tree.check(nested(levels), "the frame")
    assert violation.message == f"the frame is nested more than {MAX_DEPTH} levels deep"


def test_a_value_nested_as_deep_as_may_be_is_judged(tmp_path: Path) -> None:
    tree = schema(tmp_path, "schema: {type: object, allOf: [{properties: {a: {$ref: '#/schema'}}}]}")
    assert tree.check(nested(MAX_DEPTH - 1)) == ()


def test_a_stack_that_does_not_suffice_is_told(tmp_path: Path) -> None:
    # What fits is seen to fit; of what does not, nobody can say where.
    wide = "{allOf: [" * 12 + "{properties: {a: {$ref: '#/schema'}, z: {const: 1}}}" + "]}" * 12
    assert schema(tmp_path, f"schema: {wide}").fits(nested(MAX_DEPTH - 1))
    (violation,) = schema(tmp_path, f"schema: {wide}").check(
        {"a": nested(MAX_DEPTH - 2), "z": 2}, "the frame"
    )
    assert violation.message == "the frame is nested too deeply to be judged"


def test_a_number_beyond_all_numbers_is_told(tmp_path: Path) -> None:
    (violation,) = schema(tmp_path, "schema: {multipleOf: 0.1}").check(json.loads("1e999"))
    assert violation.message == "the value is out of the range of numbers that can be judged"
