"""Reading an expression backwards undoes reading it forwards."""

from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.binding.expressions import (
    MISSING,
    Expression,
    Literal,
    Many,
    Name,
    Single,
    Sources,
    Template,
    evaluate,
    names,
    parse,
)
from earwitness.binding.unify import merged, unify

Json: TypeAlias = object

SCALARS = st.one_of(st.booleans(), st.integers(), st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=5,
)
NAMES = st.builds(Name, st.sampled_from(["a", "b", "c"]), st.sampled_from([(), ("id",)]))
TEXTS = st.sampled_from(["", "-", "x", ".*"])
TEMPLATES = st.builds(
    lambda before, first, between, second: Template(
        tuple(part for part in (before, first, between, *second) if part != "")
    ),
    TEXTS, NAMES, TEXTS, st.lists(NAMES, max_size=1),
)  # fmt: skip
SINGLES = st.one_of(NAMES, TEMPLATES, st.builds(Literal, SCALARS))


def several(parts: st.SearchStrategy[Single]) -> st.SearchStrategy[Many]:
    """Lists whose parts have no name in common: else what one part leaves open, another may contradict."""
    lists = st.builds(Many, st.lists(parts, max_size=3).map(tuple))
    return lists.filter(lambda many: len(names(many)) == sum(len(names(part)) for part in many.parts))


EXPRESSIONS = st.one_of(SINGLES, several(SINGLES))
# What a text is made of is a text that is not empty: an empty one leaves no trace in it.
ARGUMENTS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "a.id", "b.id", "c.id"]), st.text(min_size=1, max_size=3), max_size=4
)


@given(EXPRESSIONS, ARGUMENTS)
def test_what_was_made_is_read_and_makes_the_same_again(
    expression: Expression, arguments: dict[str, object]
) -> None:
    value = evaluate(expression, Sources(arguments))
    if value is not MISSING:
        found = unify(expression, value)
        assert found is not None
        assert evaluate(expression, Sources(found)) == value


@given(st.one_of(NAMES, TEMPLATES), VALUES)
def test_whatever_is_read_makes_what_was_read(expression: Expression, value: Json) -> None:
    found = unify(expression, value)
    if found is not None:
        assert evaluate(expression, Sources(found)) == value


@given(several(st.one_of(NAMES, TEMPLATES)), st.lists(VALUES, max_size=4))
def test_whatever_list_is_read_makes_that_list(expression: Many, value: list[Json]) -> None:
    found = unify(expression, value)
    if found is not None:
        assert evaluate(expression, Sources(found)) == value


@given(NAMES, VALUES)
def test_a_name_is_found_whatever_its_value(name: Name, value: Json) -> None:
    assert unify(name, value) == {name.key: value}


@pytest.mark.parametrize(
    "written, value, found",
    [
        ("add", "add", {}),
        ("add", "remove", None),
        (1, True, None),
        (1, 1, {}),
        (1, "1", {}),
        (True, "true", {}),
        (None, "None", None),
        ("Token {$token}", "Token abc", {"token": "abc"}),
        ("Token {$token}", "Bearer abc", None),
        ("Token {$token}", "Token ", None),
        ("{$message}", 5, None),
        ("{$a}-{$a}", "x-x", {"a": "x"}),
        ("{$a}-{$a}", "x-y", None),
        (["$file"], [{"name": "f"}], {"file": {"name": "f"}}),
        (["$file"], {"name": "f"}, {"file": {"name": "f"}}),
        (["$peers.id"], [1, 2], {"peers.id": [1, 2]}),
        (["$a", "$b"], ["x", "y"], {"a": "x", "b": "y"}),
        (["$a", "$b"], ["x"], {"a": "x"}),
        (["{$a}", "end"], ["x", "end"], {"a": "x"}),
        (["{$a}", "end"], ["x"], None),
        (["$a", "end"], [], None),
        (["$a", "$a"], ["x", "y"], {"a": ["x", "y"]}),
        ([], [], {}),
        ([], [1], None),
        ("$response.body", "anything", {}),
    ],
)
def test_what_a_value_tells_of_the_arguments(written: object, value: object, found: object) -> None:
    assert unify(parse(written), value) == found


def test_two_places_may_say_the_same_of_an_argument_as_number_and_as_text() -> None:
    assert merged({"room": 5}, {"room": "5", "text": "hi"}) == {"room": 5, "text": "hi"}
    assert merged({"room": 5}, {"room": 6}) is None
