"""The small parts of reading a binding: maps, words, texts, pointers and expressions, each with its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from earwitness.binding.expressions import MISSING, Expression, Literal, parse, pointer_tokens
from earwitness.errors import Problem, UsageError, Where, nearest

Path: TypeAlias = tuple[str | int, ...]
Locate: TypeAlias = Callable[[Path], Where]
BASES = ("stated", "shown", "decided")

_KINDS: Mapping[type, str] = {dict: "a map", list: "a list", str: "a text", bool: "true or false", int: "a number",
                              float: "a number", type(None): "nothing"}  # fmt: skip


def called(value: object) -> str:
    """What people call a decoded YAML value of this type."""
    return _KINDS.get(type(value), f"a {type(value).__name__}")


class Reader:
    """Takes a decoded document apart, keeping every problem instead of stopping at the first. What cannot be read becomes
    something empty, so that the rest can."""

    def __init__(self, where: Locate) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def problem(self, path: Path, what: str, expected: str = "", hint: str = "") -> None:
        """Keep a problem with what stands at ``path``."""
        self.problems.append(Problem(what, self.where(path), expected, hint))

    def mapping(self, value: object, path: Path, known: Iterable[str] | None = None) -> Mapping[str, Any]:
        """A map, without the keys that are not ``known``; nothing (null) is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.problem(path, f"{path[-1] if path else 'the file'} is {called(value)}", "a map")
            return {}
        if known is None:
            return value
        names = tuple(known)
        for key in value:
            if key not in names:
                self.problem((*path, key), f"unknown key {key!r}", hint=nearest(str(key), names))
        return {key: held for key, held in value.items() if key in names}

    def text(
        self, keys: Mapping[str, Any], key: str, path: Path, what: str = "a name", needed: bool = False
    ) -> str:
        """The text under ``key``; "" when it is not there, which is a problem when it is ``needed``."""
        if key not in keys:
            if needed:
                self.problem(path, f"{path[-1] if path else 'the file'} has no {key!r}", f"{key}: {what}")
            return ""
        value = keys[key]
        if isinstance(value, str) and value:
            return value
        hint = "put it in quotes" if isinstance(value, int | float) and not isinstance(value, bool) else ""
        self.problem(
            (*path, key), f"{key} is {called(value) if value != '' else 'an empty text'}", what, hint
        )
        return ""

    def flag(self, keys: Mapping[str, Any], key: str, path: Path) -> bool:
        """True or false; false when the key is not there."""
        value = keys.get(key, False)
        if isinstance(value, bool):
            return value
        self.problem((*path, key), f"{key} is {value!r}", "true or false")
        return False

    def word(self, value: object, known: Iterable[str], path: Path, what: str) -> str:
        """One of the ``known`` words; "" when it is none."""
        names = tuple(known)
        if isinstance(value, str) and value in names:
            return value
        if isinstance(value, Mapping | list) or value is None:
            self.problem(path, f"the {what} is {called(value)}", f"one of {', '.join(sorted(names))}")
        else:
            self.problem(path, f"unknown {what} {value!r}", hint=nearest(str(value), names))
        return ""

    def names(self, value: object, path: Path) -> tuple[str, ...]:
        """A word, or a list of words; () when nothing is there."""
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        names = [name for name in listed if isinstance(name, str) and name]
        if len(names) < len(listed):
            found = (
                "lists what is no word"
                if isinstance(value, list)
                else f"is {called(value) if value != '' else 'empty'}"
            )
            self.problem(path, f"{path[-1]} {found}", "a word, or a list of words")
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.problem(path, f"{name!r} is here twice", "every name once")
        return tuple(dict.fromkeys(names))

    def expression(self, value: object, path: Path, many: bool = False) -> Expression:
        """The expression that ``value`` is; ``many`` allows a list of them."""
        if isinstance(value, list) and not many:
            self.problem(path, f"{path[-1]} is a list", "one value or expression")
            return Literal(MISSING)
        try:
            return parse(value)
        except UsageError as error:
            self.problem(
                path, error.problems[0].what, "" if isinstance(value, str) else "a value or an expression"
            )
            return Literal(MISSING)

    def expressions(self, value: object, path: Path, many: bool = False) -> dict[str, Expression]:
        """Expressions by name."""
        return {str(k): self.expression(v, (*path, k), many) for k, v in self.mapping(value, path).items()}

    def pointer(self, value: object, path: Path) -> tuple[str, ...]:
        """The tokens of a JSON pointer."""
        if isinstance(value, str) and (value == "" or value.startswith("/")):
            return pointer_tokens(value)
        said = repr(value) if isinstance(value, str) else called(value)
        self.problem(path, f"{said} is no JSON pointer", 'a text such as /sender/id, or "" for the whole')
        return ()

    def pointers(self, value: object, path: Path) -> Sequence[tuple[str, ...]]:
        """One JSON pointer, or a list of at least one."""
        if not isinstance(value, list):
            return (self.pointer(value, path),)
        if not value:
            self.problem(path, "the list of JSON pointers is empty", "at least one")
            return ((),)
        return tuple(self.pointer(one, (*path, index)) for index, one in enumerate(value))
