"""Every kind of change is found where it can be made, made where it was found, and nowhere else."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from benchmarks.mutation.mutations import Mutation, mutations
from earwitness.content import content_root


def changes(source: str) -> list[tuple[str, str]]:
    """All that can be changed in ``source``: the kind of change, and the changed line."""
    text = dedent(source)
    return [(one.operator, one.shown_in(text)[1]) for one in mutations("zoo.py", text)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("if ready: go", [("negate", "if (not (ready)): go")]),
        ("while a: go", [("negate", "while (not (a)): go")]),
        ("x = b if c else d", [("negate", "x = b if (not (c)) else d")]),
        ("x = [a for a in b if c]", [("negate", "x = [a for a in b if (not (c))]")]),
        ("x = a < b", [("compare", "x = a <= b")]),
        ("x = a >= b", [("compare", "x = a > b")]),
        ("x = a not in b", [("compare", "x = a in b")]),
        ("x = a is  not b", [("compare", "x = a is b")]),
        ("x = a < b == c", [("compare", "x = a <= b == c"), ("compare", "x = a < b != c")]),
        ("x = (a) == (b)", [("compare", "x = (a) != (b)")]),
        # Negated or swapped, this is one change, not two.
        ("if a == b: go", [("compare", "if a != b: go")]),
        ("if a < b: go", [("negate", "if (not (a < b)): go"), ("compare", "if a <= b: go")]),
        ("x = 41", [("constant", "x = 42")]),
        ("x = True", [("constant", "x = False")]),
        ("x = 'text'", [("empty-text", 'x = ""')]),
        ("x = ''", []),
        ("x = 1.5", []),
        ("x = a and b and c", [("and-or", "x = (a or b or c)")]),
        ("x = (a or b) and c", [("and-or", "x = ((a or b) or c)"), ("and-or", "x = ((a and b)) and c")]),
        ("f(x)", [("drop-call", "pass")]),
        ("del a[b]", [("drop-statement", "pass")]),
        ("x += y", [("drop-statement", "pass")]),
        ("raise Absent", [("drop-statement", "pass")]),
    ],
)  # fmt: skip
def test_what_can_be_done_to_a_line(line: str, expected: list[tuple[str, str]]) -> None:
    assert changes(line) == expected


def test_what_is_returned_can_be_lost() -> None:
    assert changes("def f(): return x") == [("drop-return", "def f(): return None")]
    assert changes("def f(): return None") == []
    assert changes("def f(): return") == []


def test_an_assignment_goes_where_the_function_is_whole_without_it() -> None:
    again = """
        def f(a):
            a = cut(a)
            b = a
            b = cut(b)
            self.a = b
    """
    assert [line for kind, line in changes(again) if kind == "drop-statement"] == ["pass"] * 3
    lines = [one.line for one in mutations("zoo.py", dedent(again))]
    assert lines == [3, 5, 6]


def test_what_only_init_sets_stays_set() -> None:
    assert changes("class A:\n    def __init__(self): self.a = b") == []


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is for."""',
        'def f():\n    """What it does, in 2 lines."""',
        "x: 'Later'",
        "def f(a: Literal[1]) -> Literal['b']: pass",
        "@decorated(slots=True)\ndef f(): pass",
        "assert a == 1, 'never'",
        "def __repr__(self): return f'{self.a == 1}'",
        "LOG.exception('a bug', 1)",
        "T = TypeVar('T')",
        "import a.b",
        "x = f'{a == 1} and text'",
        "async def f(): await g(x)",
        "match a:\n    case 1: pass",
    ],
)
def test_what_is_left_alone(source: str) -> None:
    assert changes(source) == []


def test_that_something_is_refused_is_a_promise_and_its_words_are_none() -> None:
    assert changes("raise Refused('in these words', 403)") == [
        ("drop-statement", "pass"),
        ("constant", "raise Refused('in these words', 404)"),
    ]


def test_conditions_in_sql_are_conditions() -> None:
    told = [line for _, line in changes('x = f"SELECT a FROM {b} WHERE c = ? AND d IS NULL ORDER BY e DESC"')]
    assert told == [
        'x = f"SELECT a FROM {b} WHERE c = ? OR d IS NULL ORDER BY e DESC"',
        'x = f"SELECT a FROM {b} WHERE c = ? AND d IS NOT NULL ORDER BY e DESC"',
        'x = f"SELECT a FROM {b} WHERE c = ? AND d IS NULL ORDER BY e ASC"',
    ]
    assert {kind for kind, _ in changes("x = 'DELETE FROM a WHERE b <= ? OR c'")} == {"sql"}
    assert changes("x = 'AND now to something else'") == [("empty-text", 'x = ""')]


def test_names_say_where() -> None:
    source = dedent("""
        X = 1
        class A:
            Y = 2
            def f(self, z=3):
                def g(): return 4
                return g, 5, 5
    """)
    assert [one.id for one in mutations("core/zoo.py", source) if one.operator == "constant"] == [
        "core/zoo.py:<module>:2:constant:1",
        "core/zoo.py:A:4:constant:1",
        "core/zoo.py:A.f:5:constant:1",
        "core/zoo.py:A.f.g:6:constant:1",
        "core/zoo.py:A.f:7:constant:1",
        "core/zoo.py:A.f:7:constant:2",
    ]


def test_places_are_right_behind_characters_of_several_bytes() -> None:
    assert changes("x = 'é👍', a == 'ü', 7")[1:] == [
        ("compare", "x = 'é👍', a != 'ü', 7"),
        ("empty-text", "x = 'é👍', a == \"\", 7"),
        ("constant", "x = 'é👍', a == 'ü', 8"),
    ]


@pytest.mark.parametrize("file", ["core/hub.py", "core/reactions.py", "web.py"])
def test_each_change_of_the_server_has_a_name_of_its_own_and_changes_what_it_means(file: str) -> None:
    source = (content_root() / "reference_server" / file).read_text(encoding="utf-8")
    found = mutations(file, source)
    assert len({one.id for one in found}) == len(found) > 20
    untouched = ast.dump(ast.parse(source))
    assert [one.id for one in found if ast.dump(ast.parse(one.made_in(source))) == untouched] == []


def test_the_same_source_has_the_same_changes() -> None:
    source = "x = 1\nif x == 1: f(x)\n"
    first: tuple[Mutation, ...] = mutations("a.py", source)
    assert first == mutations("a.py", source)
    moved = mutations("a.py", source + "# a comment behind everything\n")
    assert [one.id for one in moved] == [one.id for one in first]
