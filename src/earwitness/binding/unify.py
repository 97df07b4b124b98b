"""Reads expressions backwards: which arguments make an expression give a value that was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from earwitness.binding.expressions import (
    Expression,
    Header,
    Literal,
    Many,
    Name,
    Pointer,
    Single,
    Template,
    text_of,
)


def unify(expression: Expression, value: object) -> dict[str, object] | None:
    """The arguments that make ``expression`` give ``value``, keyed ``name`` or ``name.attribute``.

    None when no argument can, which is how a request is told from one that only looks like it. Two things are taken more
    lightly, because paths, queries and forms carry text alone: a literal is met by its text, and where a list is
    expected, a value that is none counts as a list of one.
    """
    match expression:
        case Literal(literal):
            same = type(literal) is type(value) and literal == value
            return {} if same or (isinstance(value, str) and text_of(literal) == value) else None
        case Name():
            return {expression.key: value}
        case Template(parts):
            return _unify_text(parts, value)
        case Many(parts):
            return _unify_list(parts, value if isinstance(value, list | tuple) else (value,))
    return {}


def _unify_text(parts: Sequence[str | Pointer | Header | Name], value: object) -> dict[str, object] | None:
    keys: list[str] = []
    pattern = ""
    for part in parts:
        key = part.key if isinstance(part, Name) else ""
        if isinstance(part, str):
            pattern += re.escape(part)
        elif key in keys:
            pattern += rf"(?:\{keys.index(key) + 1})"
        elif key:
            keys.append(key)
            pattern += "(.+?)"
        else:
            pattern += ".+?"
    found = re.fullmatch(pattern, value, re.DOTALL) if isinstance(value, str) else None
    return None if found is None else dict(zip(keys, found.groups(), strict=True))


def _unify_list(parts: Sequence[Single], values: Sequence[object]) -> dict[str, object] | None:
    if values or not parts:
        return _align(parts, values)
    # Only a part that gives an empty list makes one: were all missing, there would be no list.
    first = next((part for part in parts if isinstance(part, Name)), None)
    return None if first is None or any(isinstance(part, Literal) for part in parts) else {first.key: []}


def _align(parts: Sequence[Single], values: Sequence[object]) -> dict[str, object] | None:
    """The arguments with which ``parts`` give ``values``: one each if that works out, else several for a name, or none for
    what was missing and left out."""
    if not parts:
        return None if values else {}
    head, *rest = parts
    for taken in (1, 0, *range(2, len(values) + 1)) if rest else (len(values),):
        found = _unify_part(head, values[:taken]) if taken <= len(values) else None
        others = None if found is None else _align(rest, values[taken:])
        if found is not None and others is not None and (both := merged(found, others)) is not None:
            return both
    return None


def _unify_part(part: Single, values: Sequence[object]) -> dict[str, object] | None:
    if not values:
        return None if isinstance(part, Literal) else {}
    if isinstance(part, Name) and (len(values) > 1 or isinstance(values[0], list | tuple)):
        return {part.key: list(values)}
    return unify(part, values[0]) if len(values) == 1 else None


def merged(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object] | None:
    """Both, of what was found in two places; None when they say different things of the same argument. The first is kept
    where one is the other's text."""
    if any(
        key in one and one[key] != value and text_of(one[key]) != text_of(value)
        for key, value in other.items()
    ):
        return None
    return {**other, **one}
