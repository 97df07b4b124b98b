"""Turns the arguments of a verb into the values that requests and frames carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from earwitness.binding import MISSING, Seen, Sources
from earwitness.binding.expressions import Expression, Template, at, evaluate
from earwitness.member.outgoing import File
from earwitness.spec import Schema


def prepared(arguments: Mapping[str, object]) -> dict[str, object]:
    """``arguments`` so that expressions can reach into them: what was seen becomes a map of its fields."""
    return {name: _opened(value) for name, value in arguments.items()}


def _opened(value: object) -> object:
    if isinstance(value, Seen):
        return dict(value.fields)
    if isinstance(value, list | tuple):
        return [_opened(element) for element in value]
    return value


def plain(value: object) -> object:
    """What stands for ``value`` in a request: the id of a thing that has one, else itself; ``MISSING`` without an id."""
    if isinstance(value, Seen):
        value = dict(value.fields) if "id" in value.fields else MISSING
    if isinstance(value, Mapping) and "id" in value:
        return MISSING if value["id"] is None else value["id"]
    if isinstance(value, list | tuple):
        elements = [plain(element) for element in value]
        return MISSING if MISSING in elements else elements
    if not isinstance(value, File | str) and isinstance(found := getattr(value, "id", None), str | int):
        return found
    return value


def value_of(expression: Expression, arguments: Mapping[str, object]) -> object:
    """The value that ``expression`` has for ``arguments`` (``prepared``); ``MISSING`` when a part of it has none."""
    sources = Sources(arguments)
    if isinstance(expression, Template):
        parts = [
            part if isinstance(part, str) else plain(evaluate(part, sources)) for part in expression.parts
        ]
        return MISSING if MISSING in parts else "".join(str(part) for part in parts)
    return plain(evaluate(expression, sources))


def values_of(expressions: Mapping[str, Expression], arguments: Mapping[str, object]) -> dict[str, object]:
    """The values of ``expressions`` by name; those that refer to nothing are left out."""
    found = {name: value_of(expression, arguments) for name, expression in expressions.items()}
    return {name: value for name, value in found.items() if value is not MISSING}


def fitted(schema: Schema, value: object) -> object:
    """``value`` with ids spelt as ``schema`` wants them.

    Ids are compared as text everywhere in Earwitness, while an API may want them as numbers: a number that is spelt as
    text is turned into a number, and the other way round, exactly where that heals a miss. Nothing else is changed.
    """
    for pointer in sorted({violation.pointer for violation in schema.check(value)}):
        tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
        other = _other_spelling(at(value, tokens))
        if other is None or not tokens:
            continue
        changed = _put(value, tokens, other)
        if pointer not in {violation.pointer for violation in schema.check(changed)}:
            value = changed
    return value


def _other_spelling(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        number = int(value)
        return number if str(number) == value else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def _put(value: Any, tokens: Sequence[str], new: object) -> Any:
    if not tokens:
        return new
    first, rest = tokens[0], tokens[1:]
    if isinstance(value, Mapping):
        return {key: _put(held, rest, new) if key == first else held for key, held in value.items()}
    return [_put(held, rest, new) if str(index) == first else held for index, held in enumerate(value)]
