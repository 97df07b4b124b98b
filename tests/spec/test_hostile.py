"""Whatever stands in the documents, loading them ends in an API or in a SpecError that names places."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earwitness.errors import SpecError
from earwitness.spec import ABSENT, NotJson, Spec, load_spec
from earwitness.spec.source import parse_yaml
from tests.spec.conftest import ASYNCAPI, CHECKLIST, OPENAPI

if TYPE_CHECKING:
    from tests.spec.conftest import Api

BASE: dict[str, Any] = {
    name: parse_yaml(text, name).value
    for name, text in (("openapi.yaml", OPENAPI), ("asyncapi.yaml", ASYNCAPI), ("checklist.yaml", CHECKLIST))
}


def children(value: Any) -> dict[Any, Any]:
    return (
        dict(value) if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
    )


def places(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    return [path, *(place for key, child in children(value).items() for place in places(child, (*path, key)))]


PLACES = [place for place in places(BASE, ()) if place]
REFS = [
    "#",
    "#/",
    "",
    "#/components",
    "#/paths",
    "#/components/schemas/Message",
    "x" * 500,
    "a\x00b",
    "openapi.yaml",
]
JUNK = st.one_of(
    st.sampled_from(REFS).map(lambda ref: {"$ref": ref}),
    st.sampled_from(
        ("type", "allOf", "enum", "properties", "required", "format", "x-basis", "$id", "examples")
    ).flatmap(
        lambda key: st.sampled_from((3, None, "x", [], {}, [None], {"a": 1})).map(lambda value: {key: value})
    ),
    st.recursive(
        st.sampled_from((None, True, 0, -1, 3.5, "", "x", "x" * 300)),
        lambda inner: st.lists(inner, max_size=2),
        max_leaves=4,
    ),
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=2))
def test_junk_anywhere_is_a_problem_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[str | int, ...], object]]
) -> None:
    documents: Any = copy.deepcopy(BASE)
    for path, junk in changes:
        holder = documents
        for key in path[:-1]:
            # An earlier change may have taken away what this one would have changed.
            holder = children(holder).get(key, {})
        if path[-1] in children(holder):
            holder[path[-1]] = junk
    folder = tmp_path_factory.mktemp("junk")
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    try:
        spec = load_spec(folder)
    except SpecError as error:
        found = error.problems
    else:
        exercise(spec)
        return
    assert found
    assert all(problem.where is not None and problem.what for problem in found)


def exercise(spec: Spec) -> None:
    bodies: list[object] = [
        ABSENT,
        NotJson("x"),
        None,
        [],
        {},
        {"id": 1, "title": "a", "last": {"sent": "2025"}},
    ]
    for body in bodies:
        for operation in spec.operations.values():
            operation.check_response(200, "application/json", body)
        for channel in spec.channels.values():
            channel.check_frame(body)


def test_a_schema_that_two_others_share_is_broken_for_both(api: Api) -> None:
    # The same problem is told once, and still keeps the examples of both from being judged.
    api.http("        text: {type: string}\n", "        text: {$ref: '#/nowhere'} #!\n")
    api.http(
        "        last: {$ref:",
        "        text: {$ref: '#/components/schemas/Message/properties/text', examples: [1]}\n        last: {$ref:",
    )
    assert "has no 'nowhere'" in api.problem()
