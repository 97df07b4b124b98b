"""What a body says, read strictly: JSON objects and multipart forms, field by field, with their types."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import MultiPartParser

from reference_server.core.records import Upload
from reference_server.core.refusals import Invalid

LARGEST_ID = 2**63 - 1
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
MOST_PARTS = 1000

# Tells a field that is not there from one that is null.
MISSING = object()


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a JSON object or of a form, read with their types. Every method raises Invalid and names the field.

    In a form (``is_form``) everything is text, and what is said several times is a list.
    """

    values: Mapping[str, object]
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)
    is_form: bool = False

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

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """One of ``choices``; the field has to be there."""
        if name not in self.values:
            raise Invalid(f"{name}: this field is required")
        return self.choice(name, choices)

    def integer(self, name: str) -> int:
        """An integer of 64 bits. JSON has one kind of number, so 2.0 is 2; true is not 1."""
        value = self.values.get(name, MISSING)
        if value is MISSING:
            raise Invalid(f"{name}: this field is required")
        return self._integer(name, value)

    def optional_integer(self, name: str) -> int | None:
        """None without the field, for null, and for an empty field of a form."""
        value = self.values.get(name)
        return None if value is None or (self.is_form and value == "") else self.integer(name)

    def integers(self, name: str) -> list[int]:
        """A list of integers; none without the field."""
        return [self._integer(name, each) for each in self._list(name)]

    def texts(self, name: str) -> list[str]:
        """A list of strings; none without the field."""
        found = self._list(name)
        if not all(isinstance(each, str) for each in found):
            raise Invalid(f"{name}: expected strings")
        return [str(each) for each in found]

    def any_text(self, name: str) -> str:
        """A string, also the empty one, which is what there is without the field."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise Invalid(f"{name}: expected a string")
        return value

    def boolean(self, name: str) -> bool:
        value = self.values.get(name, MISSING)
        if not isinstance(value, bool):
            raise Invalid(f"{name}: expected true or false")
        return value

    def uuid(self, name: str) -> str:
        """A UUID, in small letters."""
        return self._uuid(name, self.text(name))

    def optional_uuid(self, name: str) -> str | None:
        """None without the field, and for null."""
        return None if self.values.get(name) is None else self.uuid(name)

    def uuids(self, name: str) -> list[str]:
        """A list of UUIDs, in small letters; none without the field."""
        return [self._uuid(name, each) for each in self.texts(name)]

    def _integer(self, name: str, value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if self.is_form and isinstance(value, str) and INTEGER.fullmatch(value):
            value = int(value)
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not -LARGEST_ID - 1 <= value <= LARGEST_ID
        ):
            raise Invalid(f"{name}: expected an integer of 64 bits")
        return value

    def _uuid(self, name: str, text: str) -> str:
        if not UUID.fullmatch(text.lower()):
            raise Invalid(f"{name}: expected a UUID")
        return text.lower()

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if value is None:
            return []
        if self.is_form and not isinstance(value, list):
            return [value]
        if not isinstance(value, list):
            raise Invalid(f"{name}: expected a list")
        return value


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


def form_of(body: bytes, boundary: str) -> Fields:
    """A multipart form. Raises Invalid for one that can't be read."""
    parser = MultiPartParser(stream_factory=_in_memory, max_form_memory_size=None, max_form_parts=MOST_PARTS)
    try:
        form, files = parser.parse(BytesIO(body), boundary.encode(), len(body))
    except (ValueError, HTTPException):  # HTTPException: too many parts
        raise Invalid("The body is not a multipart form") from None
    return Fields(
        values={name: said if len(said) > 1 else said[0] for name, said in form.lists()},
        files={
            name: tuple(Upload(each.filename or "file", each.mimetype, each.read()) for each in found)
            for name, found in files.lists()
        },
        is_form=True,
    )


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> BytesIO:
    """Where a file of a form goes: the body is in memory already, and a temporary file would have to be closed."""
    return BytesIO()
