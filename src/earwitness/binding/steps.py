"""Reads the verbs and events of a binding: steps, what they give, and what makes an event due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from earwitness.binding.expressions import Expression
from earwitness.binding.model import Cause, EventBinding, Form, Shown, Step
from earwitness.binding.reader import BASES, Path, Reader, called
from earwitness.binding.views import shown_map
from earwitness.binding.vocabulary import EVENTS, SOCKET_CAUSES, VERBS

# What a step may say besides `for`, by the one thing that it does.
_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "operation": ("with", "gives"),
    "frame": ("on", "with"),
    "url": ("method", "headers", "body", "gives"),
    "open": (),
}
_STEP: Final = ("for", *_SAYS, *dict.fromkeys(key for keys in _SAYS.values() for key in keys))


def read_verbs(reader: Reader, value: object) -> dict[str, dict[str, Form]]:
    """The verbs of a binding, each with its forms."""
    verbs: dict[str, dict[str, Form]] = {}
    for verb, forms in reader.mapping(value, ("verbs",), VERBS).items():
        path: Path = ("verbs", verb)
        verbs[verb] = {}
        for form, steps in reader.mapping(forms, path, ("http", "socket")).items():
            if not isinstance(steps, list) or not steps:
                said = "an empty list" if steps == [] else called(steps)
                reader.problem((*path, form), f"{form} is {said}", "a list of steps")
                continue
            read = tuple(_step(reader, step, (*path, form, i)) for i, step in enumerate(steps))
            verbs[verb][form] = Form(verb, form, read)
    return verbs


def _step(reader: Reader, value: object, path: Path) -> Step:
    keys = reader.mapping(value, path, _STEP)
    does = [key for key in _SAYS if key in keys]
    if len(does) != 1:
        said = f"a step that does {' and '.join(does)}" if does else "a step that does nothing"
        reader.problem(path, said, f"exactly one of {', '.join(_SAYS)}")
    else:
        for key in sorted(set(keys) - {"for", does[0], *_SAYS[does[0]]}):
            says = ", ".join((*_SAYS[does[0]], "for"))
            reader.problem((*path, key), f"{key} means nothing beside {does[0]}", f"{says}, if anything")
    return Step(
        where=reader.where(path),
        operation=reader.text(keys, "operation", path, "an operationId"),
        frame=reader.text(keys, "frame", path, "a message that the server receives"),
        on=reader.text(keys, "on", path, "a socket", needed=does == ["frame"]),
        method=_method(reader, keys, path),
        url=_optional(reader, keys, "url", path),
        arguments=reader.expressions(keys.get("with"), (*path, "with"), many=True),
        headers=reader.expressions(keys.get("headers"), (*path, "headers")),
        body=_optional(reader, keys, "body", path),
        gives=_gives(reader, keys.get("gives"), (*path, "gives")),
        kinds=reader.names(keys.get("for"), (*path, "for")),
        open=reader.text(keys, "open", path, "a socket"),
    )


def _method(reader: Reader, keys: Mapping[str, object], path: Path) -> str:
    if "url" not in keys:
        return ""
    usual = "PUT" if "body" in keys else "GET"
    if "method" not in keys:
        return usual
    return (
        reader.word(keys["method"], ("GET", "PUT", "POST", "PATCH", "DELETE"), (*path, "method"), "method")
        or usual
    )


def _optional(reader: Reader, keys: Mapping[str, object], key: str, path: Path) -> Expression | None:
    return reader.expression(keys[key], (*path, key)) if key in keys else None


def _gives(reader: Reader, value: object, path: Path) -> dict[int, dict[str, Shown]]:
    keys = reader.mapping(value, path)
    statuses = [key for key in keys if str(key).isdigit()]
    if not statuses:
        return {0: shown_map(reader, keys, path)} if keys else {}
    if len(statuses) != len(keys):
        reader.problem(path, "gives mixes statuses and names", "either names, or statuses that hold names")
    gives: dict[int, dict[str, Shown]] = {}
    for key in statuses:
        if len(str(key)) == 3 and 200 <= int(key) <= 599:
            gives[int(key)] = shown_map(reader, keys[key], (*path, key))
            if int(key) > 299 and not keys[key]:
                reader.problem(
                    (*path, key), f"{key} counts as a success by nothing", "what an answer shows that is one"
                )
        else:
            reader.problem((*path, key), f"{key} is no status of an answer", "200 to 599")
    return gives


def read_events(reader: Reader, value: object) -> dict[str, EventBinding]:
    """The events of a binding."""
    events: dict[str, EventBinding] = {}
    for name, body in reader.mapping(value, ("events",), EVENTS).items():
        path: Path = ("events", name)
        keys = reader.mapping(body, path, ("message", "gives", "after"))
        if not keys.get("message"):
            reader.problem(
                path,
                f"{name} does not say as what it is heard",
                "message: a message of asyncapi.yaml, or several",
            )
        events[name] = EventBinding(
            name=name,
            messages=reader.names(keys.get("message"), (*path, "message")),
            gives=shown_map(reader, keys.get("gives"), (*path, "gives")),
            after=tuple(_causes(reader, keys.get("after"), (*path, "after"))),
            where=reader.where(path),
        )
    return events


def _causes(reader: Reader, value: object, path: Path) -> Iterator[Cause]:
    for key, says in reader.mapping(value, path).items():
        verb, slash, form = str(key).partition("/")
        here = (*path, key)
        reader.word(verb, (*VERBS, *SOCKET_CAUSES), here, "verb")
        if slash and verb in SOCKET_CAUSES:
            reader.problem(here, f"{verb} has no forms", verb)
        elif slash:
            reader.word(form, ("http", "socket"), here, "form")
        keys = (
            reader.mapping(says, here, ("basis", "clause")) if isinstance(says, Mapping) else {"basis": says}
        )
        basis = reader.word(keys.get("basis", "stated"), BASES, here, "basis") or "stated"
        yield Cause(verb, form, basis, reader.text(keys, "clause", here, "a clause of checklist.yaml"))
