"""The ground on which requests are generated: members, rooms, messages and a block made for it, and which parameter names which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from earwitness.binding import Binding, Form, Seen, Step
from earwitness.binding.expressions import Name, Pointer, names
from earwitness.binding.model import Shown
from earwitness.history import Json
from earwitness.live import LiveMember, MessageHandle, NotRun, RoomHandle, Stage
from earwitness.member.values import fitted, prepared, values_of
from earwitness.spec import Operation, Schema

SAFE: Final = ("GET", "HEAD", "OPTIONS")
MINE, THEIRS = 20, 4
# Verbs after which what the path names is not there any more for the caller.
_REMOVING: Final = ("delete-message", "delete-room", "leave", "remove-member", "unblock")
# Verbs whose answers show what they have made.
_STARTING: Final = ("start-direct", "open-direct", "start-group")
_MAKING: Final = (*_STARTING, "send-text", "send-file", "reply", "block")
_ROOM, _MESSAGE, _BLOCK = "room", "message", "block"
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


@dataclass(frozen=True, slots=True)
class Place:
    """A room made for generated requests, the messages in it, and who is asked for there by what an operation does (by verb)."""

    room: RoomHandle
    messages: Sequence[MessageHandle]
    asked: Mapping[str, LiveMember] = field(default_factory=dict)


def lay(stage: Stage) -> tuple[LiveMember, Ground]:
    """Make two members, a room of theirs and messages in it, a room for more where operations are for such alone, and a block
    where there are blocks; returns who is to ask, and the ground."""
    caller, peer = stage.cast("alice"), stage.cast("bob")
    binding = stage.session.documents.binding
    room = caller.starts_direct(peer)
    mine = [caller.sends(room, f"message {number} for generated requests") for number in range(1, MINE + 1)]
    theirs = [peer.sends(room, f"message {number} of the other's") for number in range(1, THEIRS + 1)]
    kind = _other_kind(binding, room.kind)
    third = _third(stage) if kind or "block" in binding.verbs else None
    others = [_group(stage, caller, peer, third, kind)] if kind else []
    block = _block(caller, third) if third is not None and "block" in binding.verbs else None
    return caller, survey(stage, caller, peer, room, [*mine, *theirs], others, block)


def _other_kind(binding: Binding, kind: str) -> str:
    """A kind of room for more than two that members can start, if some operation is not for rooms of ``kind``; else ""."""
    operations = {step.operation for form in binding.forms() for step in form.steps if step.operation}
    wrong = [operation for operation in operations if _wrong_kind(binding, operation, kind)]
    starts = [form for form in binding.verbs.get("start-group", {}).values() if form.name == "http"]
    possible = (
        name
        for name, described in binding.rooms.items()
        if not described.pair and any(form.steps_for(name) for form in starts)
    )
    return next((name for name in possible if any(not _wrong_kind(binding, o, name) for o in wrong)), "")


def _third(stage: Stage) -> LiveMember | None:
    try:
        return stage.cast("carol")
    except NotRun:
        return None  # with fixed accounts there may be two


def _group(stage: Stage, caller: LiveMember, peer: LiveMember, third: LiveMember | None, kind: str) -> Place:
    members = [peer] if third is None else [peer, third]
    done = caller.must("start-group", name="a group for generated requests", kind=kind, peers=members)
    room = stage.room(done, (caller, *members))
    mine = [caller.sends(room, f"message {number} for generated requests") for number in range(1, THEIRS + 1)]
    # Who is taken out can be brought in again, while the other stays for all else.
    asked = {} if third is None else {"add-member": third, "remove-member": third}
    return Place(room, mine, asked)


def _block(caller: LiveMember, third: LiveMember) -> str | None:
    given = caller.must("block", peer=third).gave.get("block")
    return (given.text("id") or None) if isinstance(given, Seen) else None if given is None else str(given)


def survey(
    stage: Stage, caller: LiveMember, peer: LiveMember, room: RoomHandle, messages: Sequence[MessageHandle],
    others: Sequence[Place] = (), block: str | None = None,
) -> Ground:  # fmt: skip
    """Which parameters of which operation name what, by the binding's own expressions."""
    binding, operations = stage.session.documents.binding, stage.session.documents.spec.operations
    me = {name: value for name, value in caller.arguments.items() if name in binding.attributes}
    places = (Place(room, messages), *others)
    pools: dict[str, tuple[Json, ...]] = {}
    path: dict[str, dict[str, str]] = {}
    body: dict[str, dict[str, str]] = {}
    left_out: dict[str, str] = {}
    for operation in operations.values():
        if operation.presigned:
            left_out[operation.id] = "it is called at the address that another operation gives out"
            continue
        if not any(_steps(binding, operation.id)):
            continue  # its places are looked up when those of all others are known
        place = next((one for one in places if not _wrong_kind(binding, operation.id, one.room.kind)), None)
        there = place or places[0]
        asked = _asked(binding, operation.id, there, peer)
        things: dict[str, object] = {
            "me": me,
            _ROOM: there.room.seen_by(caller),
            "peer": asked.arguments,
            "peers": [asked.arguments],
        }
        if block is not None:
            things[_BLOCK] = block
        expressions = {
            name: expression
            for name, expression in stage.expressions(operation.id).items()
            if names(expression) and names(expression) <= {*things, _MESSAGE}
        }
        inside = any(_ROOM in names(expression) for expression in expressions.values())
        told = there.messages if inside else [message for one in places for message in one.messages]
        spoken = [prepared(things | ({_MESSAGE: one.id} if one.id else {})) for one in told]
        in_path = {p.name: p.schema for p in operation.parameters if p.location == "path"}
        elsewhere = {p.name for p in operation.parameters if p.location != "path"}
        values = [values_of(expressions, one) for one in spoken] if place is not None else []
        for name in dict.fromkeys(name for one in values for name in one if name not in elsewhere):
            expression = expressions[name]
            kind = expression.key if isinstance(expression, Name) else f"{operation.id} {name}"
            # What is in another room, or asked of another member, is of a kind of its own.
            if there is not places[0] and inside:
                kind = f"{kind} of {there.room.kind}"
            if asked is not peer and kind.startswith("peer"):
                kind = f"{kind}, {asked}"
            fitting = [
                _in_path(in_path[name], one[name])
                if name in in_path
                else _in_body(operation, name, one[name])
                for one in values
                if name in one
            ]
            pools.setdefault(kind, _distinct(fitting))
            (path if name in in_path else body).setdefault(operation.id, {})[name] = kind
        if place is None and operation.method.upper() not in SAFE:
            left_out[operation.id] = _wrong_kind(binding, operation.id, room.kind)
    for operation in operations.values():
        names_of_path = [p.name for p in operation.parameters if p.location == "path"]
        if not any(_steps(binding, operation.id)):
            # What no verb says is about what others say at the same place.
            found = {
                name: kind for name in names_of_path if (kind := _kind_at(operations, path, operation, name))
            }
            path |= {operation.id: found} if found else {}
        unknown = [name for name in names_of_path if name not in path.get(operation.id, {})]
        if unknown and operation.method.upper() not in SAFE and operation.id not in left_out:
            left_out[operation.id] = f"nothing made for it can stand at {{{unknown[0]}}}"
    kinds = [one.room.kind for one in places]
    lessons = {o: _distinct(list(_lessons(binding, o, kinds, pools))) for o in operations}
    learns = {o: found for o, found in lessons.items() if found}
    removes = tuple(o for o in operations if any(form.verb in _REMOVING for form, _ in _steps(binding, o)))
    return Ground(pools, path, body, learns, removes, left_out)


def _kind_at(
    operations: Mapping[str, Operation],
    path: Mapping[str, Mapping[str, str]],
    operation: Operation,
    name: str,
) -> str:
    """The kind of thing that ``name`` names in the path of another operation, up to there the same; "" when there is none."""
    before = operation.path.partition(f"{{{name}}}")[0]
    return next(
        (
            named[name]
            for other, named in path.items()
            if name in named and operations[other].path.partition(f"{{{name}}}")[0] == before
        ),
        "",
    )


def _asked(binding: Binding, operation: str, place: Place, peer: LiveMember) -> LiveMember:
    """Whom ``operation`` is asked about, by the first verb that it is."""
    verb = next((form.verb for form, _ in _steps(binding, operation)), "")
    return place.asked.get(verb, peer)


def _distinct(values: list[T]) -> tuple[T, ...]:
    return tuple(value for place, value in enumerate(values) if value not in values[:place])


def _steps(binding: Binding, operation: str) -> Iterator[tuple[Form, Step]]:
    return ((form, step) for form in binding.forms() for step in form.steps if step.operation == operation)


def _wrong_kind(binding: Binding, operation: str, kind: str) -> str:
    """Why our room's id means another room here; "" when it does not. Kinds may be numbered apart."""
    # What starts a room is about none that there is.
    kinds = [step.kinds for form, step in _steps(binding, operation) if form.verb not in _STARTING]
    if not kinds or not kind or any(not one or kind in one for one in kinds):
        return ""
    return f"it is for rooms of kind {', '.join(kinds[0])}, and the one made for it is of kind {kind}"


def _lessons(
    binding: Binding, operation: str, kinds: Sequence[str], pools: Mapping[str, tuple[Json, ...]]
) -> Iterator[Mapping[str, Json]]:
    """Where an answer of ``operation`` shows a room, message or block that it has made; ``kinds`` are those of the rooms made."""
    for form, step in _steps(binding, operation):
        if form.verb not in _MAKING:
            continue
        for status, gives in step.gives.items():
            for name in (_ROOM, _MESSAGE, _BLOCK):
                shown = gives.get(name)
                tokens = _id_tokens(binding, shown)
                made = _kind_made(form, step, shown, kinds)
                pool = name if name != _ROOM or made in ("", kinds[0]) else f"{name} of {made}"
                fits = not step.kinds or any(kind in step.kinds for kind in kinds)
                if tokens is not None and pool in pools and fits:
                    yield {"status": status, "at": list(tokens), "kind": pool}


def _kind_made(form: Form, step: Step, shown: Shown | None, kinds: Sequence[str]) -> str:
    """Of which kind a room is that a step makes; "" where nothing tells, and it can only be of the first."""
    if shown is not None and shown.kind:
        return shown.kind
    if form.verb == "start-group":
        return next((kind for kind in (*step.kinds, *kinds[1:])), "nobody knows")
    return ""


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
