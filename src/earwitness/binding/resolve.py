"""Finds what a binding names and its API's documents do not have: operations, frames, channels, clauses, arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from earwitness.binding.model import Binding, EventBinding, Step
from earwitness.binding.reader import Locate, Path
from earwitness.errors import Problem, nearest
from earwitness.spec import FrameSpec, Operation, Spec

_PLACE: Final = re.compile(r"\{([^{}]+)\}")


def unresolved(binding: Binding, spec: Spec, where: Locate) -> Iterator[Problem]:
    """Everything in ``binding`` that resolves to nothing in ``spec``."""
    if binding.api and binding.api != spec.name:
        yield Problem(f"api is {binding.api!r}", where(("api",)), f"the name of the folder, {spec.name!r}")
    yield from _sockets(binding, spec, where)
    for verb, forms in binding.verbs.items():
        for form in forms.values():
            for index, step in enumerate(form.steps):
                yield from _step(binding, spec, step, ("verbs", verb, form.name, index), where)
    for event in binding.events.values():
        yield from _event(event, spec, where)
    for rule in binding.rules.values():
        yield from _clause(rule.clause, spec, ("rules", rule.name, "clause"), where)
    for name, paths in binding.paths.items():
        for operation, other in paths.items():
            yield from _other_path(operation, other, spec, ("paths", name, operation), where)


def _clause(clause: str, spec: Spec, path: Path, where: Locate) -> Iterator[Problem]:
    if clause and clause not in spec.checklist.clauses:
        yield Problem(f"no clause {clause!r}", where(path), hint=nearest(clause, spec.checklist.clauses))


def _sockets(binding: Binding, spec: Spec, where: Locate) -> Iterator[Problem]:
    for socket in binding.sockets.values():
        path: Path = ("sockets", socket.name)
        channel = spec.channels.get(socket.channel)
        if channel is None:
            if socket.channel:
                yield Problem(
                    f"no channel {socket.channel!r}",
                    where((*path, "channel")),
                    hint=nearest(socket.channel, spec.channels),
                )
            continue
        yield from _names(
            channel.id, socket.arguments, (*channel.parameters, *channel.query), (*path, "with"), where
        )
        for name in channel.parameters:
            if name not in socket.arguments and name not in channel.query:
                yield Problem(
                    f"nothing fills {{{name}}} of {channel.address}", where(path), f"{name} under with"
                )


def _names(
    taker: str, given: Iterable[str], places: Iterable[str], path: Path, where: Locate
) -> Iterator[Problem]:
    known = tuple(places)
    for name in given:
        if name not in known:
            hint = nearest(name, known) if known else f"{taker} takes nothing"
            yield Problem(f"{taker} takes no {name!r}", where((*path, name)), hint=hint)


def _step(binding: Binding, spec: Spec, step: Step, path: Path, where: Locate) -> Iterator[Problem]:
    if step.operation:
        operation = spec.operations.get(step.operation)
        if operation is None:
            hint = nearest(step.operation, spec.operations)
            yield Problem(f"no operation {step.operation!r}", where((*path, "operation")), hint=hint)
        else:
            yield from _arguments(operation, step, path, where)
    if step.frame:
        socket = binding.sockets.get(step.on)
        channel = spec.channels.get(socket.channel) if socket else None
        if channel is not None and step.frame not in channel.says:
            said = f"{channel.id} receives no message {step.frame!r}"
            yield Problem(said, where((*path, "frame")), hint=nearest(step.frame, channel.says))
        elif channel is not None:
            frame = channel.says[step.frame]
            yield from _names(frame.name, step.arguments, frame.schema.properties(), (*path, "with"), where)


def _arguments(operation: Operation, step: Step, path: Path, where: Locate) -> Iterator[Problem]:
    places = {parameter.name for parameter in operation.parameters}
    for schema in operation.request.content.values() if operation.request else ():
        places |= schema.properties()
    yield from _names(operation.id, step.arguments, places, (*path, "with"), where)
    for parameter in operation.parameters:
        if parameter.location == "path" and parameter.name not in step.arguments:
            yield Problem(
                f"nothing fills {{{parameter.name}}} of {operation.path}",
                where(path),
                f"{parameter.name} under with",
            )


def _event(event: EventBinding, spec: Spec, where: Locate) -> Iterator[Problem]:
    path: Path = ("events", event.name)
    heard: dict[str, FrameSpec] = {
        name: frame for channel in spec.channels.values() for name, frame in channel.hears.items()
    }
    for message in event.messages:
        if message not in heard:
            yield Problem(
                f"no channel sends a message {message!r}",
                where((*path, "message")),
                hint=nearest(message, heard),
            )
    audiences = [heard[message].audience for message in event.messages if message in heard]
    if len({(audience.must, audience.may) if audience else () for audience in audiences}) > 1:
        said = f"{' and '.join(event.messages)} have not the same audience"
        yield Problem(said, where((*path, "message")), "one x-audience for all messages of an event")
    for cause in event.after:
        here = (*path, "after", f"{cause.verb}/{cause.form}" if cause.form else cause.verb)
        yield from _clause(cause.clause, spec, here, where)


def _other_path(operation: str, other: str, spec: Spec, path: Path, where: Locate) -> Iterator[Problem]:
    known = spec.operations.get(operation)
    if known is None:
        yield Problem(f"no operation {operation!r}", where(path), hint=nearest(operation, spec.operations))
    elif other and sorted(_PLACE.findall(other)) != sorted(_PLACE.findall(known.path)):
        yield Problem(f"{other} has not the parameters of {operation}", where(path), f"those of {known.path}")
