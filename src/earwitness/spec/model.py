"""What an API promises, once its documents are read: operations, channels, frames, refusals, audiences, checklist."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from earwitness.errors import Where
from earwitness.spec.routes import Routes
from earwitness.spec.schema import Schema, Violation
from earwitness.spec.source import pointer_of
from earwitness.spec.wording import clipped, kind, shorten
from earwitness.spec.words import Basis, Listeners, Relation, firmest


class Absent(Enum):
    """Stands for the body of an answer that carried none."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


@dataclass(frozen=True, slots=True)
class NotJson:
    """Stands for a body or frame that is no JSON text: what it was instead."""

    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who stands in ``relation`` to what an operation or channel is about is refused with ``status``."""

    relation: Relation
    status: int
    basis: Basis
    clause: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Who must hear a frame and who may; everyone else must not."""

    must: Listeners
    may: Listeners
    basis: Basis
    clause: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation or channel; ``location`` is ``path``, ``query`` or ``header``."""

    name: str
    location: str
    required: bool
    schema: Schema


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What an operation takes, by media type."""

    required: bool
    content: Mapping[str, Schema]


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a response."""

    name: str
    required: bool
    schema: Schema

    def check(self, sent: Mapping[str, str]) -> tuple[Violation, ...]:
        """What is wrong with this header among those that were ``sent``, whose names are in any case."""
        value = next((text for name, text in sent.items() if name.lower() == self.name.lower()), None)
        if value is not None:
            said = f"the header {self.name}"
            wrong = self.schema.check(value, said)
            # A header is text; where a number is asked for, it is one that is written as in JSON.
            is_number = _NUMBER.fullmatch(value) and any(one.schema_pointer == "/type" for one in wrong)
            return self.schema.check(json.loads(value), said) if is_number else wrong
        missing = f"there is no header {self.name}"
        absent = _of_answer("/headers", missing, f"a header {self.name}", "none", self.schema.basis)
        return (absent,) if self.required else ()


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """What an operation answers with one status (``200``), class of statuses (``4XX``) or any (``default``)."""

    status: str
    description: str
    content: Mapping[str, Schema | None]
    basis: Basis
    clause: str
    headers: tuple[Header, ...] = ()

    def media_type(self, content_type: str) -> str | None:
        """The documented media type that ``content_type`` is one of: the same, ``application/json`` for any ``+json``, or a
        range such as ``image/*``. Parameters and case do not count."""
        plain = content_type.partition(";")[0].strip().lower()
        family = f"{plain.partition('/')[0]}/*"
        json = "application/json" if is_json(plain) else plain
        known = {media.partition(";")[0].strip().lower(): media for media in self.content}
        return next((known[each] for each in (plain, json, family, "*/*") if each in known), None)

    def check(self, content_type: str | None, body: object) -> tuple[Violation, ...]:
        """What is wrong with an answer's content type and body; see ``Operation.check_response``."""
        body = ABSENT if body == NotJson("") else body
        if not self.content:
            message = f"a body where status {self.status} is documented without one"
            wrong = _of_answer("/content", message, "no body", _heard(body), self.basis)
            return () if body is ABSENT else (wrong,)
        documented, shape = ", ".join(self.content), self._shape()
        if body is ABSENT:
            # Nothing is no JSON text, but it may well be an empty file.
            expected = f"a body of type {documented}"
            wrong = _of_answer("/content", "there is no body", expected, "nothing", shape)
            return (wrong,) if all(is_json(media) for media in self.content) else ()
        media = self.media_type(content_type) if content_type else None
        if media is None:
            said = clipped(content_type) if content_type else ""
            message = f"the content type is {said}" if said else "there is no content type"
            return (_of_answer("/content", message, documented, said or "nothing", shape),)
        if not is_json(content_type or ""):
            return ()
        if isinstance(body, NotJson):
            return (_of_answer("/content", "the body is not JSON", "a JSON text", clipped(body.text), shape),)
        schema = self.content[media]
        return schema.check(body, "the body") if schema is not None else ()

    def _shape(self) -> Basis:
        # A status that was decided does not make the body decided: the schema says what its own promise rests on.
        return firmest(schema.basis for schema in self.content.values() if schema is not None)


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that a member can ask for by HTTP."""

    id: str
    method: str
    path: str
    summary: str
    clause: str
    basis: Basis
    parameters: tuple[Parameter, ...]
    request: RequestBody | None
    responses: Mapping[str, ResponseSpec]
    refusals: Mapping[str, Refusal]
    secured: bool
    presigned: bool
    where: Where

    def response(self, status: int) -> ResponseSpec | None:
        """The response documented for ``status``: exactly, by its class (``4XX``), or by ``default``."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((self.responses[key] for key in keys if key in self.responses), None)

    def check_response(self, status: int, content_type: str | None, body: object) -> tuple[Violation, ...]:
        """What is wrong with an answer. ``body`` is the decoded JSON, ``ABSENT``, or ``NotJson``.

        A status that is not documented has the firmest basis among the documented ones of its class: where the document
        never says which 2xx it is, another one breaks only what we decided.
        """
        response = self.response(status)
        if response is None:
            documented = ", ".join(self.responses)
            basis = firmest(each.basis for key, each in self.responses.items() if key[0] == str(status)[0])
            message = f"status {status} is not documented"
            return (_of_answer("/responses", message, documented, str(status), basis),)
        return response.check(content_type, body)


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """A frame on a channel: the server says it (``hears``) or takes it (``says``); seen from the member."""

    name: str
    channel: str
    direction: str
    schema: Schema
    audience: Audience | None
    basis: Basis
    clause: str
    where: Where
    examples: tuple[object, ...]
    discriminators: Mapping[str, tuple[object, ...]] = field(repr=False)

    def marks(self, payload: object) -> int | None:
        """How many constants mark ``payload`` as this frame; None when one of them is another or missing."""
        constants = {name: values[0] for name, values in self.discriminators.items() if len(values) == 1}
        if not isinstance(payload, dict):
            return None if constants else 0
        if all(name in payload and same(payload[name], value) for name, value in constants.items()):
            return len(constants)
        return None

    def choices_fit(self, payload: object) -> bool:
        """Whether every property of which the frame allows some values only has one of them."""
        return isinstance(payload, dict) and all(
            name in payload and any(same(payload[name], value) for value in values)
            for name, values in self.discriminators.items()
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """A socket that a member can open, and the frames on it. ``query`` names the query parameters of its address."""

    id: str
    address: str
    parameters: Mapping[str, Parameter]
    query: tuple[str, ...]
    hears: Mapping[str, FrameSpec]
    says: Mapping[str, FrameSpec]
    refusals: Mapping[str, Refusal]
    clause: str
    where: Where

    def recognise(self, payload: object) -> FrameSpec | None:
        """The frame that a decoded payload from the server is meant to be, valid or not.

        A frame marked by constants (``type: new_message``) is known by them; where several are, the one that is valid, then
        the one with most marks. Frames without constants are known by their enumerations, and last by being valid.
        """
        if isinstance(payload, NotJson | Absent):
            return None
        marks = {name: frame.marks(payload) for name, frame in self.hears.items()}
        unmarked = [frame for name, frame in self.hears.items() if marks[name] == 0]
        marked = [frame for name, frame in self.hears.items() if marks[name]]
        marked.sort(key=lambda frame: -(marks[frame.name] or 0))
        chosen = marked or [f for f in unmarked if f.discriminators and f.choices_fit(payload)]
        if len(chosen) == 1:
            return chosen[0]
        return next((f for f in chosen or unmarked if f.schema.fits(payload)), chosen[0] if chosen else None)

    def check_frame(self, payload: object) -> tuple[Violation, ...]:
        """What is wrong with a frame from the server: decoded JSON, or ``NotJson``."""
        frame = self.recognise(payload)
        if frame is not None:
            return frame.schema.check(payload, "the frame")
        basis = firmest(frame.basis for frame in self.hears.values())
        if isinstance(payload, NotJson | Absent):
            return (Violation("", "", "the frame is not JSON", "a JSON text", _heard(payload), basis),)
        name, values = self._mark()
        if (
            not name
            or not isinstance(payload, dict)
            or any(same(payload.get(name), value) for value in values)
        ):
            known = clipped(", ".join(self.hears) or "no frame at all")
            message = "the frame is none of the documented ones"
            return (Violation("", "", message, known, shorten(payload), basis),)
        known = clipped(f"one of {', '.join(map(shorten, values))}")
        if name not in payload:
            message = f"the frame has no {name!r} to know it by"
            return (Violation("", "", message, known, shorten(payload), basis),)
        message = f"no documented frame has the {name} {shorten(payload[name], 60)}"
        return (Violation(pointer_of((name,)), "", message, known, shorten(payload[name]), basis),)

    def _mark(self) -> tuple[str, list[object]]:
        """The property that marks every frame which is marked at all, and its values; "" when there is none."""
        marked = [f for f in self.hears.values() if any(len(each) == 1 for each in f.discriminators.values())]
        for name in marked[0].discriminators if marked else ():
            if all(name in frame.discriminators for frame in marked):
                return name, [value for frame in marked for value in frame.discriminators[name]]
        return "", []


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the acceptance checklist: ``manual`` says why only a person can judge it, ``observed`` how something
    inside the server is judged from outside."""

    id: str
    section: str
    text: str
    clause: str
    manual: str | None
    observed: str | None
    where: Where


@dataclass(frozen=True, slots=True)
class Checklist:
    """The acceptance checklist, and the document's clauses (id to heading)."""

    items: Mapping[str, Item]
    clauses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything that an API promises."""

    name: str
    folder: Path
    title: str
    operations: Mapping[str, Operation]
    channels: Mapping[str, Channel]
    checklist: Checklist
    routes: Routes = field(repr=False)

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation that a request is for and its decoded path parameters; None when there is none.

        ``path`` comes without query. A path that is spelt out wins over a template, segment by segment from the left.
        """
        found = self.routes.match(method, path)
        return None if found is None else (self.operations[found[0]], found[1])


def same(one: object, other: object) -> bool:
    """Whether two JSON scalars are the same value: ``1`` is ``1.0`` and is not ``true``."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_json(content_type: str) -> bool:
    """Whether a body of that type is a JSON text (RFC 8259, RFC 6839 section 3.1)."""
    plain = content_type.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json")


def _heard(body: object) -> str:
    if isinstance(body, NotJson):
        return clipped(body.text)
    return "nothing" if body is ABSENT else f"{kind(body)}: {shorten(body, 160)}"


def _of_answer(place: str, message: str, expected: str, heard: str, basis: Basis) -> Violation:
    # Nothing inside the body is wrong but the answer as a whole; `place` says which part of the operation it breaks.
    return Violation("", place, message, expected, heard, basis)
