"""The ground on which requests are generated: members, a room and messages made for it, and which parameter names which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from earwitness.binding import Binding, Form, Step
from earwitness.binding.expressions import Name, Pointer, names
from earwitness.binding.model import Shown
from earwitness.history import Json
from earwitness.live import LiveMember, MessageHandle, RoomHandle, Stage
from earwitness.member.values import fitted, prepared, values_of
from earwitness.spec import Operation, Schema

SAFE: Final = ("GET", "HEAD", "OPTIONS")
MINE, THEIRS = 20, 4
# Verbs after which what the path names is not there any more for the caller.
_REMOVING: Final = ("delete-message", "delete-room", "leave", "remove-member", "unblock")
_ROOM, _MESSAGE = "room", "message"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """``pools`` holds the values of each kind of thing; ``path`` and ``body`` say for each operation which of its parameters
    and properties are of which kind, ``learns`` where answers show new ones, ``removes`` which operations end one.
    ``left_out`` gives a reason for each operation that must not be tried here."""

    pools: Mapping[str, tuple[Json, ...]]
    path: Mapping[str, Mapping[str, str]]
    body: Mapping[str, Mapping[str, str]]
    learns: Mapping[str, tuple[Mapping[str, Json], ...]]
    removes: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, Json]:
        """The part of the hooks' settings that tells what may be touched."""
        return {
            "pools": {kind: list(pool) for kind, pool in self.pools.items()},
            "path": dict(self.path),
            "body": dict(self.body),
            "learns": {operation: list(lessons) for operation, lessons in self.learns.items()},
            "removes": list(self.removes),
        }


def lay(stage: Stage) -> tuple[LiveMember, Ground]:
    """Make two members, a room of theirs and messages in it; returns who is to ask, and the ground."""
    caller, peer = stage.cast("alice"), stage.cast("bob")
    room = caller.starts_direct(peer)
    mine = [caller.sends(room, f"message {number} for generated requests") for number in range(1, MINE + 1)]
    theirs = [peer.sends(room, f"message {number} of the other's") for number in range(1, THEIRS + 1)]
    return caller, survey(stage, caller, peer, room, [*mine, *theirs])


def survey(
    stage: Stage, caller: LiveMember, peer: LiveMember, room: RoomHandle, messages: list[MessageHandle]
) -> Ground:
    """Which parameters of which operation name what, by the binding's own expressions."""
    binding, operations = stage.session.documents.binding, stage.session.documents.spec.operations
    me = {name: value for name, value in caller.arguments.items() if name in binding.attributes}
    things: dict[str, object] = {
        "me": me,
        _ROOM: room.seen_by(caller),
        "peer": peer.arguments,
        "peers": [peer.arguments],
    }
    spoken = [prepared(things | ({_MESSAGE: message.id} if message.id else {})) for message in messages]
    pools: dict[str, tuple[Json, ...]] = {}
    path: dict[str, dict[str, str]] = {}
    body: dict[str, dict[str, str]] = {}
    left_out: dict[str, str] = {}
    for operation in operations.values():
        expressions = {
            name: expression
            for name, expression in stage.expressions(operation.id).items()
            if names(expression) and names(expression) <= {*things, _MESSAGE}
        }
        places = {p.name: p.schema for p in operation.parameters if p.location == "path"}
        others = {p.name for p in operation.parameters if p.location != "path"}
        if operation.presigned:
            left_out[operation.id] = "it is called at the address that another operation gives out"
            continue
        wrong = _wrong_kind(binding, operation.id, room.kind)
        values = [] if wrong else [values_of(expressions, one) for one in spoken]
        for name in dict.fromkeys(name for one in values for name in one if name not in others):
            expression = expressions[name]
            kind = expression.key if isinstance(expression, Name) else f"{operation.id} {name}"
            in_path = name in places
            fitting = [
                _in_path(places[name], one[name]) if in_path else _in_body(operation, name, one[name])
                for one in values
                if name in one
            ]
            pools.setdefault(kind, _distinct(fitting))
            (path if in_path else body).setdefault(operation.id, {})[name] = kind
        unknown = [name for name in places if name not in path.get(operation.id, {})]
        if (unknown or wrong) and operation.method.upper() not in SAFE:
            left_out[operation.id] = wrong or f"nothing made for it can stand at {{{unknown[0]}}}"
    lessons = {o: _distinct(list(_lessons(binding, o, room.kind, pools))) for o in operations}
    learns = {o: found for o, found in lessons.items() if found}
    removes = tuple(o for o in operations if any(form.verb in _REMOVING for form, _ in _steps(binding, o)))
    return Ground(pools, path, body, learns, removes, left_out)


def _distinct(values: list[T]) -> tuple[T, ...]:
    return tuple(value for place, value in enumerate(values) if value not in values[:place])


def _steps(binding: Binding, operation: str) -> Iterator[tuple[Form, Step]]:
    return ((form, step) for form in binding.forms() for step in form.steps if step.operation == operation)


def _wrong_kind(binding: Binding, operation: str, kind: str) -> str:
    """Why our room's id means another room here; "" when it does not. Kinds may be numbered apart."""
    kinds = [step.kinds for _, step in _steps(binding, operation)]
    if not kinds or not kind or any(not one or kind in one for one in kinds):
        return ""
    return f"it is for rooms of kind {', '.join(kinds[0])}, and the one made for it is of kind {kind}"


def _lessons(
    binding: Binding, operation: str, kind: str, pools: Mapping[str, tuple[Json, ...]]
) -> Iterator[Mapping[str, Json]]:
    """Where an answer of ``operation`` shows a room or message that it has made."""
    for form, step in _steps(binding, operation):
        if form.verb not in ("start-direct", "open-direct", "send-text", "send-file", "reply"):
            continue
        if step.kinds and kind not in step.kinds:
            continue
        for status, gives in step.gives.items():
            for name in (_ROOM, _MESSAGE):
                tokens = _id_tokens(binding, gives.get(name))
                if tokens is not None and name in pools:
                    yield {"status": status, "at": list(tokens), "kind": name}


def _id_tokens(binding: Binding, shown: Shown | None) -> tuple[str, ...] | None:
    if shown is None or shown.each or not isinstance(shown.at, Pointer) or shown.at.source != "response":
        return None
    if not shown.view:
        return shown.at.tokens
    found = binding.views[shown.view].get("id")
    return (*shown.at.tokens, *found.tokens) if found else None


def _in_path(schema: Schema, value: object) -> Json:
    """``value`` as a path holds it: ids are text everywhere in Earwitness, while a schema may want a number."""
    text = str(value)
    return int(text) if not schema.fits(text) and text.isascii() and text.isdigit() else text


def _in_body(operation: Operation, name: str, value: object) -> Json:
    """``value`` as the body of ``operation`` holds it under ``name``."""
    for schema in operation.request.content.values() if operation.request else ():
        healed = fitted(schema, {name: value})
        if isinstance(healed, Mapping):
            return _json(healed[name])
    return _json(value)


def _json(value: object) -> Json:
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value if isinstance(value, str | int | float | bool) else str(value)
