"""HTTP as the API modules see it: a call comes in, an answer goes out, and JSON is read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers, QueryParams

from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Invalid

MIB = 1024 * 1024
LARGEST_ID = 2**63 - 1
# Only the one way to write a number, so that one object has one address.
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")

# Tells a field that is not there from one that is null.
MISSING = object()


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: ``body`` is sent as JSON; None sends no body at all."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A request, its body read. ``origin`` is the server's address as the client wrote it, ``query`` is as it was sent."""

    caller: Member | None
    path: Mapping[str, str]
    query: str
    headers: Headers
    body: bytes
    origin: str

    @property
    def member(self) -> Member:
        assert self.caller is not None, "only a public operation has no caller"
        return self.caller

    @property
    def parameters(self) -> QueryParams:
        return QueryParams(self.query)

    def id(self, name: str) -> int:
        """A path parameter that is an id. Raises Absent for anything that is not: nothing lives there."""
        text = self.path[name]
        if not NUMBER.fullmatch(text) or int(text) > LARGEST_ID:
            raise Absent("Not found")
        return int(text)

    def page(self) -> int:
        """The query parameter `page`, 1 without it. Raises Absent for anything but one positive integer."""
        given = self.parameters.getlist("page") or ["1"]
        if len(given) > 1 or not NUMBER.fullmatch(given[0]) or not 1 <= int(given[0]) <= LARGEST_ID:
            raise Absent("Invalid page")
        return int(given[0])

    def page_link(self, path: str, page: int) -> str:
        """The address of another page of ``path``; the other query parameters stay as they were sent."""
        others = [part for part in self.query.split("&") if part and "page" not in QueryParams(part)]
        return f"{self.origin}{path}?{'&'.join([*others, f'page={page}'])}"

    def json(self) -> Fields:
        """The body as a JSON object. Raises Invalid."""
        return Fields(parse_object(self.body))


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method on a path does. ``public``: for callers without a token. ``limit``: of the body, in bytes."""

    run: Callable[[Call], Answer]
    public: bool = False
    limit: int = MIB


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a JSON object, read with their types. Every method raises Invalid and names the field."""

    values: Mapping[str, object]

    def text(self, name: str, longest: int | None = None) -> str:
        """A string of at least one character and at most ``longest``."""
        value = self.values.get(name, MISSING)
        if value is MISSING:
            raise Invalid(f"{name}: this field is required")
        if not isinstance(value, str) or not value:
            raise Invalid(f"{name}: expected a string that is not empty")
        if longest is not None and len(value) > longest:
            raise Invalid(f"{name}: expected at most {longest} characters")
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if name in self.values else None

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of ``choices``; the first without the field."""
        value = self.values.get(name, choices[0])
        if not isinstance(value, str) or value not in choices:
            raise Invalid(f"{name}: expected one of {', '.join(choices)}")
        return value

    def integer(self, name: str) -> int:
        """An integer of 64 bits. JSON has one kind of number, so 2.0 is 2; true is not 1."""
        value = self.values.get(name, MISSING)
        if value is MISSING:
            raise Invalid(f"{name}: this field is required")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not -LARGEST_ID - 1 <= value <= LARGEST_ID
        ):
            raise Invalid(f"{name}: expected an integer of 64 bits")
        return value

    def optional_integer(self, name: str) -> int | None:
        return None if self.values.get(name) is None else self.integer(name)


def parse(body: bytes | str) -> object:
    """Any JSON value. Raises Invalid for what is no JSON, no Unicode (lone surrogates), or nested beyond reason."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        value: object = json.loads(text, parse_constant=_no_constant)
        # Half a surrogate pair is valid JSON, but no text: it can be neither stored nor sent.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise Invalid("The body is nested too deeply") from None
    except ValueError:  # also UnicodeError and JSONDecodeError
        raise Invalid("The body is not valid JSON") from None
    return value


def parse_object(body: bytes | str) -> dict[str, object]:
    """A JSON object. Raises Invalid for anything else."""
    value = parse(body)
    if not isinstance(value, dict):
        raise Invalid("The body is not a JSON object")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
