"""YAML becomes plain JSON values with their lines; what cannot be read says where and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.errors import SpecError, Where
from earwitness.spec.source import parse_yaml, pointer_of, read_yaml, tokens_of
from earwitness.spec.tree import MAX_DEPTH, MAX_NODES


def value_of(text: str) -> object:
    document = parse_yaml(text, "a.yaml")
    assert document.problems == ()
    return document.value


@pytest.mark.parametrize(
    "written, meant",
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("2025-10-22", "2025-10-22"),
        ("2025-10-22T14:30:00Z", "2025-10-22T14:30:00Z"),
        ("12:30:00", "12:30:00"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("1_000", "1_000"),
        (".nan", ".nan"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("'null'", "null"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!!int 12", 12),
        ("-12", -12),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("|\n  12\n", "12\n"),
    ],
)
def test_a_scalar_means_what_json_and_yaml_1_2_mean(written: str, meant: object) -> None:
    value = value_of(f"key: {written}")
    assert value == {"key": meant}
    assert isinstance(value, dict)
    assert type(value["key"]) is type(meant)


def test_a_key_is_the_text_that_is_written() -> None:
    assert value_of("200: a\non: b\n2025-01-01: c\n1.0: d\nnull: e") == {
        "200": "a",
        "on": "b",
        "2025-01-01": "c",
        "1.0": "d",
        "null": "e",
    }


def test_every_value_has_the_line_of_its_key_or_element() -> None:
    document = parse_yaml("a:\n  b:\n    - 1\n    - c: |\n        x\n        y\n  d/e~f: 2\n", "a.yaml")
    assert document.where(("a",)) == Where("a.yaml", 1, "a")
    assert document.where("/a/b") == Where("a.yaml", 2, "b")
    assert document.where(("a", "b", 0)) == Where("a.yaml", 3, "b[0]")
    assert document.where(("a", "b", 1, "c")) == Where("a.yaml", 4, "c")
    assert document.where(("a", "d/e~f")) == Where("a.yaml", 7, "d/e~f")


def test_what_is_not_there_is_missing_where_its_parent_is() -> None:
    document = parse_yaml("a:\n  b:\n    c: 1\n", "a.yaml")
    assert document.where(("a", "b", "x", "y")) == Where("a.yaml", 2, "y")
    assert document.where(("x",)) == Where("a.yaml", 1, "x")


def test_pointers_escape_what_they_have_to() -> None:
    assert pointer_of(("a/b", "c~d", 3)) == "/a~1b/c~0d/3"
    assert tokens_of("/a~1b/c~0d/3") == ("a/b", "c~d", "3")


def test_aliases_and_merges_are_written_out() -> None:
    assert value_of("a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, p: 3}\nd: {<<: [*x, {r: 4}]}\n") == {
        "a": {"p": 1, "q": 2},
        "b": {"p": 1, "q": 2},
        "c": {"p": 3, "q": 2},
        "d": {"p": 1, "q": 2, "r": 4},
    }


@pytest.mark.parametrize(
    "text, line, what, expected",
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is here twice, first on line 1", "every key once"),
        ("200: 1\n'200': 2\n", 2, "'200' is here twice, first on line 1", "every key once"),
        ("a: 1\nb: c: 2\n", 2, "mapping values are not allowed", "one `key: value` on a line"),
        ("a:\n\t- 1\n", 2, "cannot start any token", "no tab"),
        ("a: [1, 2\nb: 3\n", 2, "expected ',' or ']'", "a comma or the closing bracket"),
        ("a: 'x\nb: 1\n", 3, "unexpected end of stream", "the quote or bracket"),
        ("a: 1\n b: 2\n", 2, "mapping values are not allowed", "one `key: value` on a line"),
        ("a:\n  - 1\n b: 2\n", 3, "expected <block end>", "indented like"),
        ("a: *x\n", 1, "*x is an alias of nothing", "&x above it"),
        ("a: &x\n  b: *x\n", 2, "*x contains itself", "complete"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins", "one document"),
        ("a: 1\nb: !secret x\n", 2, "the tag !secret is not read here", "a plain value"),
        ("a: 1\n? [b]\n: 2\n", 2, "a map or list stands where a key has to stand", "a word"),
        ("a: 1\nb: {<<: 2}\n", 2, "<< merges something that is no map", "an alias of a map"),
        ("a: 1\nb: 1e999\n", 2, "a number too large", "a number that JSON can hold"),
        ("a: 1\nb: \x07\n", 2, "is not allowed", "YAML"),
        ("", 1, "the file is empty", "a map"),
        ("# nothing\n", 1, "the file is empty", "a map"),
        ("x: " + "[" * (MAX_DEPTH + 1), 1, f"nested more than {MAX_DEPTH} levels deep", "flatter"),
        ("x: " + "[" * 100_000, 1, f"nested more than {MAX_DEPTH} levels deep", "flatter"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(
    text: str, line: int, what: str, expected: str
) -> None:
    (problem,) = parse_yaml(text, "a.yaml").problems
    assert problem.where is not None
    assert (problem.where.file, problem.where.line) == ("a.yaml", line)
    assert what in problem.what
    assert expected in problem.expected


def test_all_repeated_keys_are_told_at_once() -> None:
    problems = parse_yaml("a: {b: 1, b: 2}\nc:\n  d: 1\n  d: 2\n", "a.yaml").problems
    assert [problem.where and problem.where.line for problem in problems] == [1, 4]


def test_aliases_cannot_multiply_without_end() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10))
    (problem,) = parse_yaml(laughs, "a.yaml").problems
    assert problem.what == f"more than {MAX_NODES} values, aliases written out"


def test_aliases_cannot_pile_up_depth() -> None:
    piles = "a0: &a0 [[x]]\n" + "".join(f"a{i}: &a{i} [[*a{i - 1}]]\n" for i in range(1, 100))
    (problem,) = parse_yaml(piles, "a.yaml").problems
    assert problem.what == f"nested more than {MAX_DEPTH} levels deep"


def test_a_file_that_is_not_there_or_no_text_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(SpecError, match="cannot be read"):
        read_yaml(tmp_path)
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(SpecError, match=r"bad.yaml:2: byte 0xff is no UTF-8"):
        read_yaml(bad)


def test_a_byte_order_mark_does_not_count(tmp_path: Path) -> None:
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(marked).value == {"a": 1}
