"""Says in few words what a schema expected and what was heard instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from earwitness.spec.formats import meaning

HEARD_LENGTH: Final = 200
_IN_A_SENTENCE: Final = 60

_KINDS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_BOUNDS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}
_SIZES: Final = {
    "minLength": ("at least", "character", "characters"),
    "maxLength": ("at most", "character", "characters"),
    "minItems": ("at least", "element", "elements"),
    "maxItems": ("at most", "element", "elements"),
    "minProperties": ("at least", "property", "properties"),
    "maxProperties": ("at most", "property", "properties"),
}
_PLAIN: Final = {
    "": "nothing here",
    "additionalProperties": "no undocumented property",
    "anyOf": "one of the documented shapes",
    "contains": "the documented elements",
    "dependentRequired": "the properties that belong together",
    "items": "no more elements",
    "maxContains": "the documented elements",
    "minContains": "the documented elements",
    "not": "anything else",
    "oneOf": "exactly one of the documented shapes",
    "unevaluatedItems": "no more elements",
    "unevaluatedProperties": "no undocumented property",
    "uniqueItems": "no element twice",
}


def kind(value: object) -> str:
    """What kind of JSON value ``value`` is."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "text"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
    return "no JSON value"


def shorten(value: object, length: int = HEARD_LENGTH) -> str:
    """``value`` as JSON on one line, cut to ``length`` characters, and safe to print whatever was in it."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str)
    except (RecursionError, ValueError, TypeError):
        return kind(value)
    return clipped(text, length)


def clipped(text: str, length: int = HEARD_LENGTH) -> str:
    """``text`` cut to ``length`` characters and safe to print."""
    # A lone surrogate is fine in a JSON text and cannot be written to any stream.
    text = text[: length + 1].encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= length else f"{text[: length - 1]}…"


def expected(keyword: str, value: Any) -> str:
    """What the schema's ``keyword: value`` asks for."""
    if keyword in _PLAIN:
        return _PLAIN[keyword]
    if keyword in _BOUNDS:
        return f"{_BOUNDS[keyword]} {value}"
    if keyword in _SIZES:
        bound, one, many = _SIZES[keyword]
        return f"{bound} {value} {one if value == 1 else many}"
    match keyword:
        case "type":
            return " or ".join(
                _KINDS.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value])
            )
        case "enum":
            return clipped(f"one of {', '.join(shorten(each) for each in value)}")
        case "const":
            return shorten(value)
        case "required":
            return f"the property {value!r}"
        case "format":
            return meaning(str(value))
        case "pattern":
            return f"text like {shorten(value, _IN_A_SENTENCE)}"
    return f"what {keyword} allows"


def sentence(
    place: str, keyword: str, value: Any, instance: object, undocumented: tuple[str, ...] = ()
) -> str:
    """One sentence: at ``place``, ``instance`` is not what ``keyword: value`` asks for. ``undocumented`` names the
    properties that should not be there."""
    asked = expected(keyword, value)
    if undocumented:
        names = ", ".join(repr(clipped(name, _IN_A_SENTENCE)) for name in undocumented[:3])
        return f"{place} has the undocumented {names}{' and more' if len(undocumented) > 3 else ''}"
    if keyword == "type":
        return f"{place} is {kind(instance)}, not {asked}"
    if keyword == "required":
        return f"{place} lacks {value!r}"
    if keyword in _SIZES and isinstance(instance, str | list | dict):
        _, one, many = _SIZES[keyword]
        return f"{place} has {len(instance)} {one if len(instance) == 1 else many}, not {asked}"
    heard = shorten(instance, _IN_A_SENTENCE)
    return (
        f"{place} is {heard}; expected {asked}" if keyword in _PLAIN else f"{place} is {heard}, not {asked}"
    )
