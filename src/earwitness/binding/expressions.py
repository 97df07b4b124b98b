"""The expressions of a binding: OpenAPI and AsyncAPI runtime expressions, plus the names of a verb's arguments.

An expression is one of
    $response.body, $response.body#/json/pointer, $response.header.Name     the answer to the step (OpenAPI 3.1, 4.8.20.4)
    $message.payload, $message.payload#/json/pointer                        a frame (AsyncAPI 3.0, runtime expression)
    $name, $name.attribute                                                  an argument of the verb; of a list: of each element
    text with {$expression} inside                                          the text, the values put in
    a list of expressions                                                   what they give, in one list
    anything else                                                           itself
``$message`` is the argument of that name; only ``$message.payload`` is a frame. Read forwards (``evaluate``) expressions
make requests and take answers apart; read backwards (module ``unify``) they tell which verb a request was, so that traffic of any
origin can be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from earwitness.errors import UsageError

_EMBEDDED: Final = re.compile(r"\{(\$[^{}]+)\}")
_NAME: Final = re.compile(r"\$([a-z_][a-z0-9_]*)((?:\.[a-z_][a-z0-9_]*)*)")
_SOURCE: Final = re.compile(r"\$(response\.body|message\.payload)(?:#(/.*|))?", re.DOTALL)
_HEADER: Final = re.compile(r"\$response\.header\.([A-Za-z0-9-]+)")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class Missing(Enum):
    """What an expression gives when there is nothing at the place it points to."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "nothing there"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in the answer (source ``response``) or in the frame (``message``)."""

    source: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """An argument of the verb and, after it, attributes of that argument."""

    name: str
    attributes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return ".".join((self.name, *self.attributes))


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in it; gives a string, always."""

    parts: tuple[str | Pointer | Header | Name, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands for itself."""

    value: object


Single: TypeAlias = Pointer | Header | Name | Template | Literal


@dataclass(frozen=True, slots=True)
class Many:
    """A list of expressions; gives a list: what is missing is left out, and the elements of a part that is a list are put
    in one by one."""

    parts: tuple[Single, ...]


Expression: TypeAlias = Single | Many


def parse(value: object) -> Expression:
    """The expression that a scalar of a binding is, or a list of scalars.

    Raises UsageError when it starts like an expression but is none, and when it is a map or a list that holds more than
    scalars.
    """
    if isinstance(value, list):
        return Many(tuple(parse_single(part) for part in value))
    return parse_single(value)


def parse_single(value: object) -> Single:
    """The expression that a scalar of a binding is. Raises UsageError as ``parse`` does, and for a list."""
    if isinstance(value, list | Mapping):
        raise UsageError(
            f"a {'list' if isinstance(value, list) else 'map'} stands where one value has to stand"
        )
    if not isinstance(value, str):
        return Literal(value)
    if value.startswith("$"):
        return _parse_bare(value)
    pieces = _EMBEDDED.split(value)
    if len(pieces) == 1:
        return Literal(value)
    return Template(tuple(_parse_bare(p) if i % 2 else p for i, p in enumerate(pieces) if p))


def _parse_bare(text: str) -> Pointer | Header | Name:
    if match := _SOURCE.fullmatch(text):
        return Pointer(match[1].split(".")[0], pointer_tokens(match[2] or ""))
    if match := _HEADER.fullmatch(text):
        return Header(match[1])
    if match := _NAME.fullmatch(text):
        attributes = tuple(match[2].split(".")[1:])
        # What begins like a source and is none is a slip, never an argument.
        if match[1] != "response" and (match[1], *attributes)[:2] != ("message", "payload"):
            return Name(match[1], attributes)
    raise UsageError(
        f"{text!r} is no expression; write $response.body#/pointer, $response.header.Name, "
        "$message.payload#/pointer, $argument or $argument.attribute"
    )


def pointer_tokens(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a JSON pointer (RFC 6901, sections 3 and 4)."""
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:])


def at(value: object, tokens: Sequence[str]) -> object:
    """What stands at a JSON pointer's tokens in ``value``; ``MISSING`` when nothing does."""
    for token in tokens:
        if isinstance(value, Mapping):
            if token not in value:
                return MISSING
            value = value[token]
        elif isinstance(value, list | tuple) and _INDEX.fullmatch(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            return MISSING
    return value


@dataclass(frozen=True, slots=True)
class Sources:
    """What expressions may refer to: the verb's arguments, an answer's body and headers, a frame."""

    arguments: Mapping[str, object]
    response: object = MISSING
    headers: Mapping[str, str] | None = None
    message: object = MISSING


def evaluate(expression: Expression, sources: Sources) -> object:
    """The value of ``expression``; ``MISSING`` when it, or any part of a text, refers to nothing.

    Arguments may be things with attributes (``peer``), or the attributes themselves (``peer.id``), as ``unify`` gives them.
    """
    match expression:
        case Literal(value):
            return value
        case Pointer(source, tokens):
            return at(getattr(sources, source), tokens)
        case Header(name):
            wanted = name.lower()
            return next((v for k, v in (sources.headers or {}).items() if k.lower() == wanted), MISSING)
        case Name(name, attributes):
            if expression.key in sources.arguments:
                return sources.arguments[expression.key]
            return _attributes(sources.arguments.get(name, MISSING), attributes)
        case Template(parts):
            values = [part if isinstance(part, str) else evaluate(part, sources) for part in parts]
            # Nothing to write in a text is nothing: never the word "None".
            return (
                MISSING
                if any(v is MISSING or v is None for v in values)
                else "".join(text_of(v) for v in values)
            )
        case Many(parts):
            given = [value for part in parts if (value := evaluate(part, sources)) is not MISSING]
            if parts and not given:
                return MISSING
            return [
                one for value in given for one in (value if isinstance(value, list | tuple) else (value,))
            ]


def _attributes(value: object, attributes: Sequence[str]) -> object:
    for index, attribute in enumerate(attributes):
        if value is MISSING:
            break
        if isinstance(value, list | tuple):
            each = (_attributes(element, attributes[index:]) for element in value)
            return [found for found in each if found is not MISSING]
        value = (
            value.get(attribute, MISSING)
            if isinstance(value, Mapping)
            else getattr(value, attribute, MISSING)
        )
    return value


def text_of(value: object) -> str:
    """A scalar as it stands in a text, a path or a query: as in JSON, ``true`` and not ``True``."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def parts_of(expression: Expression) -> Iterator[Pointer | Header | Name | Literal]:
    """The expressions that ``expression`` is made of; itself, when it is made of no others."""
    match expression:
        case Template(parts):
            yield from (part for part in parts if not isinstance(part, str))
        case Many(parts):
            for part in parts:
                yield from parts_of(part)
        case _:
            yield expression


def names(expression: Expression) -> frozenset[str]:
    """The arguments that ``expression`` uses."""
    return frozenset(part.name for part in parts_of(expression) if isinstance(part, Name))
