"""The compiled validator, which is asked first, says yes to nothing to which the other one, which gives reasons, says no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earwitness.content import api_names
from earwitness.documents import load_documents
from earwitness.spec import Schema
from earwitness.spec.formats import CHECKER
from earwitness.spec.schema import quick, validator_of

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2026-11-27T20:00:00Z", "2026-02-30T20:00:00Z", "2026-11-27 20:00:00Z", "2026-11-27", "not-a-date", "a@b.test", "a@", "::1",
         "127.0.0.1", "http://a.test/x y", "/relative?x=1", "62ad1e60-5b3a-4614-880a-d8692bf91229", "62ad1e60", "12.5KB\n", "1२"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", sorted(CHECKER.checkers))
@given(value=st.one_of(TEXTS, st.integers()))
@settings(max_examples=60, deadline=None)
def test_formats_mean_the_same_to_both(name: str, value: str | int) -> None:
    schema = {"format": name}
    assert quick(schema, {})(value) == (not list(validator_of(schema).iter_errors(value)))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"]}}},
        {"type": "array", "items": {"type": "integer", "minimum": 1}, "uniqueItems": True},
        {"oneOf": [{"type": "string", "minLength": 2, "maxLength": 5}, {"const": 1}, {"enum": [None, "a"]}]},
        {"type": "string", "pattern": r"^\d+(\.\d+)?(KB|MB)$"},
        {"type": "object", "additionalProperties": False, "properties": {"a": {}, "b": {"type": "number"}}},
        {"type": "object", "patternProperties": {"^[ab]$": {"type": "integer"}}, "minProperties": 1},
    ],
)
@given(value=VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_said_to_fit_fits(schema: dict[str, object], value: Any) -> None:
    if quick(schema, {})(value):
        assert list(validator_of(schema).iter_errors(value)) == []


def schemas(api: str) -> Iterator[Schema]:
    spec = load_documents(api).spec
    for operation in spec.operations.values():
        for response in operation.responses.values():
            yield from (schema for schema in response.content.values() if schema is not None)


@pytest.mark.parametrize("api", api_names())
def test_the_documents_examples_fit_and_do_not_when_something_is_missing(api: str) -> None:
    seen = 0
    for schema in schemas(api):
        fits = quick(*schema.bundled())
        for example in schema.examples:
            assert fits(example)
            if not isinstance(example, dict):
                continue
            for key in example:
                less = {name: value for name, value in example.items() if name != key}
                assert fits(less) == schema.fits(less)
                seen += 1
    assert seen
