"""Finds the small changes that can be made to a Python module without looking at what it is for, and makes them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

_SWAPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], str]] = {
    ast.Lt: (ast.LtE, "<="), ast.LtE: (ast.Lt, "<"), ast.Gt: (ast.GtE, ">="), ast.GtE: (ast.Gt, ">"),
    ast.Eq: (ast.NotEq, "!="), ast.NotEq: (ast.Eq, "=="), ast.Is: (ast.IsNot, "is not"), ast.IsNot: (ast.Is, "is"),
    ast.In: (ast.NotIn, "not in"), ast.NotIn: (ast.In, "in"),
}  # fmt: skip
# Swapping one of these is the same as negating it.
_TOTAL = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)

# The server keeps half of its rules in SQL, so what is done to conditions there is done to these words as well.
_SQL = re.compile(r"\b(?:AND|OR|ASC|DESC|IS NOT NULL|IS NULL)\b|(?<= )(?:<=|>=|<|>)(?= )")
_SQL_SWAPPED = {
    "AND": "OR", "OR": "AND", "ASC": "DESC", "DESC": "ASC", "IS NULL": "IS NOT NULL", "IS NOT NULL": "IS NULL",
    "<=": "<", "<": "<=", ">=": ">", ">": ">=",
}  # fmt: skip
_IS_SQL = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|ORDER BY|LIMIT|IS NULL|JOIN|ASC|DESC)\b| = \?"
)

# What is said to these concerns no client.
_UNHEARD = frozenset({"LOG", "logging", "TypeVar", "NewType", "cast"})


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change to a module: the bytes from ``start`` to ``end`` become ``text``.

    ``file`` is the module's path below ``reference_server``, ``function`` the qualified name of what it stands in ("" at the
    top), ``nth`` counts changes of one kind in one line of it. These make ``id``, which stays as long as the line does.
    """

    file: str
    function: str
    line: int
    operator: str
    nth: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.file}:{self.function or '<module>'}:{self.line}:{self.operator}:{self.nth}"

    def made_in(self, source: str) -> str:
        """``source`` with the change made."""
        raw = source.encode()
        return (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()

    def shown_in(self, source: str) -> tuple[str, str]:
        """The lines that the change touches, as they were and as they become, each as one line."""
        raw, text = source.encode(), self.text.encode()
        first = raw.rfind(b"\n", 0, self.start) + 1
        last = raw.find(b"\n", self.end)
        last = len(raw) if last < 0 else last
        was, now = raw[first:last], raw[first : self.start] + text + raw[self.end : last]
        return " ".join(was.decode().split()), " ".join(now.decode().split())


def mutations(file: str, source: str) -> tuple[Mutation, ...]:
    """All changes that can be made to ``source``, the text of ``file``, in the order of their places.

    Left alone: docstrings, annotations, decorators, assertions, ``__repr__``, what is logged, the words of an exception, and patterns
    of ``match``. Raises SyntaxError when ``source`` is no Python.
    """
    found = sorted(_Finder(file, source).all(), key=lambda one: (one.start, one.end, one.operator, one.text))
    counted: Counter[tuple[str, int, str]] = Counter()
    numbered = []
    for one in found:
        place = (one.function, one.line, one.operator)
        counted[place] += 1
        numbered.append(replace(one, nth=counted[place]))
    return tuple(numbered)


class _Finder:
    """Walks a module and remembers in which function it is, and which names that has bound already."""

    def __init__(self, file: str, source: str) -> None:
        self._file, self._source, self._raw = file, source, source.encode()
        self._starts = [0]
        for line in self._raw.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._names: list[str] = []
        self._bound: list[set[str]] = []

    def all(self) -> Iterator[Mutation]:
        yield from self._within(ast.parse(self._source))

    # -- where ----------------------------------------------------------------------------------------------------------

    def _at(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None, "parsed from text"
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _instead(self, node: ast.expr | ast.stmt, operator: str, text: str) -> Mutation:
        start, end = self._span(node)
        return Mutation(self._file, ".".join(self._names), node.lineno, operator, 0, start, end, text)

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._raw[start:end].decode()

    # -- the walk -------------------------------------------------------------------------------------------------------

    def _within(self, node: ast.AST) -> Iterator[Mutation]:
        for child in ast.iter_child_nodes(node):
            yield from self._of(child)

    def _of(self, node: ast.AST) -> Iterator[Mutation]:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._function(node)
            case ast.ClassDef():
                self._names.append(node.name)
                for statement in node.body:
                    yield from self._of(statement)
                self._names.pop()
            case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.pattern():
                pass
            case ast.Expr(value=ast.Constant()):
                pass  # a docstring
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name))) if (
                name in _UNHEARD
            ):
                pass
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in _UNHEARD:
                pass
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                pass
            case ast.Raise(exc=ast.Call() as refusal):
                # That it is raised is a promise, and with which status; in which words is none.
                yield self._instead(node, "drop-statement", "pass")
                yield from (one for one in self._within(refusal) if one.operator != "empty-text")
            case ast.stmt():
                yield from self._statement(node)
            case ast.JoinedStr():
                yield from self._sql(node)
            case ast.expr():
                yield from self._expression(node)
                yield from self._within(node)
            case ast.comprehension():
                for condition in node.ifs:
                    yield from self._condition(condition)
                yield from self._within(node)
            case _:
                yield from self._within(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Mutation]:
        if node.name == "__repr__":
            return
        self._names.append(node.name)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                yield from self._of(default)
        every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        self._bound.append({argument.arg for argument in every})
        for statement in node.body:
            yield from self._of(statement)
        self._bound.pop()
        self._names.pop()

    def _statement(self, node: ast.stmt) -> Iterator[Mutation]:
        inside = bool(self._bound)
        match node:
            case ast.Expr(value=ast.Call()):
                yield self._instead(node, "drop-call", "pass")
            case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue() | ast.Break():
                yield self._instead(node, "drop-statement", "pass")
            case ast.Assign() if inside and self._may_go(node):
                yield self._instead(node, "drop-statement", "pass")
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                yield self._instead(node, "drop-return", "return None")
            case ast.If() | ast.While():
                yield from self._condition(node.test)
            case _:
                pass
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                yield from self._of(node.value)
        else:
            yield from self._within(node)
        if inside:
            stored = (each for each in ast.walk(node) if isinstance(each, ast.Name))
            self._bound[-1] |= {each.id for each in stored if isinstance(each.ctx, ast.Store)}

    def _may_go(self, node: ast.Assign) -> bool:
        """Whether the function is still whole without an assignment: names that nothing else binds would only be missing."""
        if self._names[-1] == "__init__":
            return False
        names = {each.id for target in node.targets for each in ast.walk(target)
                 if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}  # fmt: skip
        return names <= self._bound[-1]

    # -- the changes ----------------------------------------------------------------------------------------------------

    def _condition(self, test: ast.expr) -> Iterator[Mutation]:
        swapped = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _TOTAL)
        if not swapped and not isinstance(test, ast.Constant):
            yield self._instead(test, "negate", f"(not ({self._text(test)}))")

    def _expression(self, node: ast.expr) -> Iterator[Mutation]:
        match node:
            case ast.IfExp():
                yield from self._condition(node.test)
            case ast.Compare():
                yield from self._comparisons(node)
            case ast.BoolOp():
                other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                swapped = ast.unparse(ast.BoolOp(other, node.values))
                yield self._instead(node, "and-or", f"({swapped})")
            case ast.Constant(value=bool(value)):
                yield self._instead(node, "constant", str(not value))
            case ast.Constant(value=int(value)):
                yield self._instead(node, "constant", str(value + 1))
            case ast.Constant(value=str(value)) if value:
                if _IS_SQL.search(value):
                    yield from self._sql(node)
                else:
                    yield self._instead(node, "empty-text", '""')
            case _:
                pass

    def _comparisons(self, node: ast.Compare) -> Iterator[Mutation]:
        """Each comparison of a chain swapped. Its sign stands between its sides, where nothing else but brackets can."""
        sides = (node.left, *node.comparators)
        for number, operator in enumerate(node.ops):
            start, end = self._span(sides[number])[1], self._span(sides[number + 1])[0]
            between = self._raw[start:end].decode()
            signs = _SWAPPED[_SWAPPED[type(operator)][0]][1].split()
            sign = re.search(r"\s+".join(map(re.escape, signs)), between)
            if sign is None:
                continue
            at = start + len(between[: sign.start()].encode())
            yield Mutation(
                self._file, ".".join(self._names), node.lineno, "compare", 0, at, at + len(sign[0].encode()),
                _SWAPPED[type(operator)][1],
            )  # fmt: skip

    def _sql(self, node: ast.expr) -> Iterator[Mutation]:
        text = self._text(node)
        if not _IS_SQL.search(text):
            return
        start = self._span(node)[0]
        for word in _SQL.finditer(text):
            at = start + len(text[: word.start()].encode())
            line = node.lineno + text[: word.start()].count("\n")
            yield Mutation(
                self._file,
                ".".join(self._names),
                line,
                "sql",
                0,
                at,
                at + len(word[0]),
                _SQL_SWAPPED[word[0]],
            )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
