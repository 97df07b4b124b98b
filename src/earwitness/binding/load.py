"""Reads a ``binding.yaml`` and tells, with file and line, everything in it that means nothing."""

from __future__ import annotations

from typing import Final

from earwitness.binding.consistency import inconsistent
from earwitness.binding.model import Binding, RoomKind, Rule, SocketBinding
from earwitness.binding.reader import BASES, Locate, Path, Reader, called
from earwitness.binding.resolve import unresolved
from earwitness.binding.steps import read_events, read_verbs
from earwitness.binding.views import read_views
from earwitness.binding.vocabulary import RULES, VERBS
from earwitness.errors import Problem, SpecError
from earwitness.spec import Spec
from earwitness.spec.source import read_yaml

_TOP: Final = (
    "api",
    "members",
    "auth",
    "rooms",
    "views",
    "sockets",
    "verbs",
    "events",
    "rules",
    "correlate",
    "paths",
)


def load_binding(spec: Spec) -> Binding:
    """The binding of ``spec``'s folder, every name in it resolved against the spec.

    Raises SpecError with all problems: unknown keys and words, expressions that are none, operations, frames, channels
    and clauses that the documents do not have.
    """
    document = read_yaml(spec.folder / "binding.yaml")
    binding, problems = read_binding(document.value, document.where)
    problems = [*problems, *unresolved(binding, spec, document.where)]
    if problems:
        raise SpecError(*problems)
    return binding


def read_binding(value: object, where: Locate) -> tuple[Binding, list[Problem]]:
    """The binding that ``value`` (a decoded YAML document) is, and what is wrong with it; ``where`` locates a path."""
    reader = Reader(where)
    binding = _binding(reader, value)
    return binding, [*reader.problems, *inconsistent(binding, where)]


def _binding(reader: Reader, value: object) -> Binding:
    top = reader.mapping(value, (), _TOP)
    members = reader.mapping(top.get("members"), ("members",), ("attributes", "credentials"))
    auth = reader.mapping(top.get("auth"), ("auth",), ("headers",))
    return Binding(
        api=reader.text(top, "api", (), "the folder's name", needed=True),
        attributes=reader.names(members.get("attributes"), ("members", "attributes")),
        credentials=reader.names(members.get("credentials"), ("members", "credentials")),
        auth=reader.expressions(auth.get("headers"), ("auth", "headers")),
        rooms={
            name: _room(reader, name, room)
            for name, room in reader.mapping(top.get("rooms"), ("rooms",)).items()
        },
        views=read_views(reader, top.get("views")),
        sockets={
            name: _socket(reader, name, s)
            for name, s in reader.mapping(top.get("sockets"), ("sockets",)).items()
        },
        verbs=read_verbs(reader, top.get("verbs")),
        events=read_events(reader, top.get("events")),
        rules=_rules(reader, top.get("rules")),
        correlate=reader.word(top.get("correlate", "id"), ("id", "text"), ("correlate",), "way to correlate")
        or "id",
        paths={
            name: _paths(reader, name, paths)
            for name, paths in reader.mapping(top.get("paths"), ("paths",)).items()
        },
    )


def _room(reader: Reader, name: str, value: object) -> RoomKind:
    path: Path = ("rooms", name)
    keys = reader.mapping(value, path, ("pair", "separate-ids", "address", "open"))
    pair = reader.flag(keys, "pair", path)
    address = (
        reader.word(keys["address"], ("peer",), (*path, "address"), "address") if "address" in keys else ""
    )
    if address and not pair:
        reader.problem(
            (*path, "address"),
            "a room of more than two has no one peer to be addressed by",
            "pair: true beside it",
        )
    return RoomKind(
        name, pair, reader.flag(keys, "separate-ids", path), address, reader.flag(keys, "open", path)
    )


def _socket(reader: Reader, name: str, value: object) -> SocketBinding:
    path: Path = ("sockets", name)
    keys = reader.mapping(value, path, ("channel", "per", "for", "with", "headers"))
    return SocketBinding(
        name=name,
        channel=reader.text(keys, "channel", path, "a channel of asyncapi.yaml", needed=True),
        per=reader.word(keys.get("per"), ("member", "room", "peer"), (*path, "per"), "scope of a socket"),
        kinds=reader.names(keys.get("for"), (*path, "for")),
        arguments=reader.expressions(keys.get("with"), (*path, "with")),
        headers=reader.expressions(keys.get("headers"), (*path, "headers")),
        where=reader.where(path),
    )


def _rules(reader: Reader, value: object) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for name, body in reader.mapping(value, ("rules",), RULES).items():
        path: Path = ("rules", name)
        keys = reader.mapping(body, path, ("value", "basis", "clause", "of"))
        held, allowed = keys.get("value"), RULES[name].values
        if allowed is not None:
            held = reader.word(held, allowed, (*path, "value"), f"value of {name}")
        elif not isinstance(held, int) or isinstance(held, bool) or held < 1:
            said = repr(held) if isinstance(held, int | float | str) else called(held)
            reader.problem((*path, "value"), f"{said} is no value of {name}", "a whole number above 0")
        basis = reader.word(keys.get("basis", "stated"), BASES, (*path, "basis"), "basis") or "stated"
        clause = reader.text(keys, "clause", path, "a clause of checklist.yaml")
        of = reader.names(keys.get("of"), (*path, "of"))
        for at, verb in enumerate(of):
            reader.word(verb, VERBS, (*path, "of", at), "verb")
        rules[name] = Rule(
            name, held if isinstance(held, int) else str(held), basis, clause, reader.where(path), of
        )
    return rules


def _paths(reader: Reader, name: str, value: object) -> dict[str, str]:
    path: Path = ("paths", name)
    keys = reader.mapping(value, path)
    paths = {operation: reader.text(keys, operation, path, "a path that begins with /") for operation in keys}
    for operation, other in paths.items():
        if other and not other.startswith("/"):
            reader.problem((*path, operation), f"{other!r} is no path", "a path that begins with /")
    return paths
