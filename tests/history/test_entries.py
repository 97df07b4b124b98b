"""What is written of an entry is what is read of it, for every kind of entry and whatever it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import get_args, get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from earwitness import history
from earwitness.history import (
    Body,
    CaseEnded,
    Claimed,
    Entry,
    FrameHeard,
    Json,
    Request,
    Response,
    RunEnded,
    RunStarted,
    Settled,
    SocketClosed,
)
from earwitness.history.entries import KINDS, from_json, to_json

# Lone surrogates are in: a server may send them in its JSON.
TEXTS = st.text(st.characters(codec=None), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSONS: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
BODIES = st.builds(
    Body, st.sampled_from(["json", "text", "base64", "parts"]), JSONS, st.integers(0, 9)
) | st.just(Body())


def values(hint: object, default: object) -> st.SearchStrategy[object]:
    """Values for a field of an entry, by its type; its default among them."""
    words = [word for word in get_args(hint) if isinstance(word, str)]
    if words:
        return st.sampled_from(words)
    if hint is Body:
        return BODIES
    if isinstance(default, tuple):
        objects = st.dictionaries(TEXTS, JSONS, max_size=2)
        return st.lists(objects if "Mapping" in str(hint) else TEXTS, max_size=3).map(tuple)
    if "Mapping" in str(hint):
        return st.dictionaries(TEXTS, TEXTS, max_size=3)
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers()
    return st.none() | st.integers() if type(None) in get_args(hint) else TEXTS


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    cls = draw(st.sampled_from(sorted(KINDS.values(), key=lambda kind: kind.kind)))
    hints = get_type_hints(cls, include_extras=False)
    given_values: dict[str, object] = {}
    for spec in fields(cls):
        default = spec.default if spec.default_factory is MISSING else spec.default_factory()
        if draw(st.booleans()):
            given_values[spec.name] = draw(values(hints[spec.name], default))
    return cls(**given_values)  # type: ignore[arg-type]  # each is of its field's type


@given(entries())
@example(Request(role=""))
@example(Claimed(basis=""))
@example(Settled(complete=False))
@example(RunStarted(foreign=False, deadline_ms=0))
@example(FrameHeard(payload=Body("json", None)))
@example(FrameHeard(payload=Body("json", {"a": "\ud800"}, 3)))
def test_an_entry_comes_back_from_its_line(entry: Entry) -> None:
    line = json.dumps(to_json(entry), ensure_ascii=True)
    assert from_json(json.loads(line)) == entry


@given(entries())
def test_a_line_says_its_kind_first_and_nothing_that_is_empty(entry: Entry) -> None:
    record = to_json(entry)
    assert next(iter(record)) == "kind"
    assert record["kind"] == entry.kind
    assert from_json({"kind": entry.kind}) == type(entry)()
    plain = {name: value for name, value in to_json(type(entry)()).items() if name not in ("kind", "n")}
    assert not any(value in ("", None, [], {}, ()) for value in plain.values())


def test_every_kind_of_entry_is_known_and_exported() -> None:
    kinds = {cls.__name__: cls for cls in Entry.__subclasses__()}
    assert set(KINDS.values()) == set(kinds.values())
    assert all(KINDS[cls.kind] is cls for cls in kinds.values())
    assert set(kinds) <= set(history.__all__)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"kind": "no-such-kind"}, "no-such-kind"),
        ({}, "None"),
        ({"kind": "request", "colour": "red"}, "colour"),
        ([], "object"),
        (3, "object"),
        ("request", "object"),
        (None, "object"),
    ],
)
def test_what_is_no_entry_is_refused(record: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_json(record)  # type: ignore[arg-type]  # what a damaged file may hold


def test_a_field_holds_what_it_is_for() -> None:
    entry = CaseEnded(outcome="crashed", reason="ValueError")
    assert to_json(entry) == {
        "kind": "case-ended",
        "n": 0,
        "t": 0,
        "outcome": "crashed",
        "reason": "ValueError",
    }
    assert {RunEnded().outcome, SocketClosed().by, Response().status} == {"finished", "us", 0}


# -- bodies -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (None, Body()),
        (b"", Body()),
        ("", Body()),
        (b'{"a": [1, null]}', Body("json", {"a": [1, None]})),
        ("null", Body("json", None)),
        (b"0", Body("json", 0)),
        ('"text"', Body("json", "text")),
        (b"hello", Body("text", "hello")),
        (b'{"half": ', Body("text", '{"half": ')),
        ("{'a': 1}", Body("text", "{'a': 1}")),
        # No JSON by RFC 8259, section 6, though Python would read it.
        (b"NaN", Body("text", "NaN")),
        (b"[-Infinity]", Body("text", "[-Infinity]")),
        (b"\xff\x00", Body("base64", "/wA=")),
        ('{"a": "\\ud800"}', Body("json", {"a": "\ud800"})),
        ("\ud800", Body("base64", "7aCA")),
        (b"1" * 5_000, Body("text", "1" * 5_000)),
    ],
)
def test_a_body_is_kept_readable_where_it_can_be(data: bytes | str | None, body: Body) -> None:
    assert Body.of(data) == body
    assert Body.of(data).is_json is (body.form == "json")


def test_a_body_that_is_nested_beyond_reading_is_text() -> None:
    assert Body.of(b"[" * 100_000).form == "text"


@pytest.mark.parametrize(("keep", "cut"), [(10, 0), (9, 1), (4, 6), (0, 10)])
def test_a_body_that_is_too_long_is_cut_and_says_by_how_much(keep: int, cut: int) -> None:
    body = Body.of(b'"12345678"', keep)
    assert (body.cut, body.is_json) == (cut, cut == 0)
    if cut:
        assert body.value == '"12345678"'[:keep]


def test_a_body_that_is_cut_within_a_character_is_still_text() -> None:
    assert Body.of("ä" * 3, 3) == Body("text", "ä\ufffd", 3)


@given(st.binary(max_size=30), st.integers(0, 40))
def test_no_byte_is_lost_without_being_counted(data: bytes, keep: int) -> None:
    body = Body.of(data, keep)
    assert body.cut == max(0, len(data) - keep)
    assert (body.form == "none") is (data == b"")
    json.dumps(to_json(FrameHeard(payload=body)))


def test_an_entry_is_a_mapping_of_plain_values() -> None:
    assert isinstance(to_json(FrameHeard(payload=Body("text", "x")))["payload"], Mapping)
