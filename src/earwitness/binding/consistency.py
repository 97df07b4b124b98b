"""Finds what does not fit together within a binding: names that nothing gives, views, kinds and sockets it does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from earwitness.binding.expressions import Expression, Header, Name, Pointer, names, parts_of
from earwitness.binding.model import Binding, EventBinding, Form, Shown, Step
from earwitness.binding.reader import Locate, Path
from earwitness.binding.vocabulary import (
    EVENTS,
    FILE_ATTRIBUTES,
    ROOM_ATTRIBUTES,
    SHOWN,
    SOCKET_CAUSES,
    VERBS,
    VIEWS,
    base_view,
)
from earwitness.errors import Problem, nearest

# What every verb may name besides its own arguments.
_ALWAYS = frozenset(("me", "token"))


def inconsistent(binding: Binding, where: Locate) -> Iterator[Problem]:
    """Everything in ``binding`` that names what the binding itself does not have or give."""
    yield from _Checker(binding, where).all()


class _Checker:
    def __init__(self, binding: Binding, where: Locate) -> None:
        self.binding = binding
        self.where = where

    def all(self) -> Iterator[Problem]:
        yield from self.inputs(self.binding.auth, ("auth", "headers"), _ALWAYS)
        for name, socket in self.binding.sockets.items():
            path: Path = ("sockets", name)
            known = _ALWAYS | {"room": {"room"}, "peer": {"peer"}}.get(socket.per, set())
            yield from self.kinds(socket.kinds, (*path, "for"))
            yield from self.inputs(socket.arguments, (*path, "with"), known)
            yield from self.inputs(socket.headers, (*path, "headers"), known)
        for name, view in self.binding.views.items():
            for key, field in view.items():
                if field.each and field.groups is None:
                    yield from self.view(field.each, ("views", name, key))
        for verb, forms in self.binding.verbs.items():
            for form in forms.values():
                yield from self.form(form, ("verbs", verb, form.name))
        for event in self.binding.events.values():
            yield from self.event(event, ("events", event.name))

    # -- parts --------------------------------------------------------------------------------------------------------

    def kinds(self, kinds: Iterable[str], path: Path) -> Iterator[Problem]:
        for kind in kinds:
            if kind not in self.binding.rooms:
                yield Problem(
                    f"no kind of room {kind!r}", self.where(path), hint=nearest(kind, self.binding.rooms)
                )

    def view(self, view: str, path: Path) -> Iterator[Problem]:
        if view and view not in self.binding.views:
            yield Problem(f"no view {view!r} here", self.where(path), hint=nearest(view, self.binding.views))

    def socket(self, socket: str, path: Path) -> Iterator[Problem]:
        if socket and socket not in self.binding.sockets:
            yield Problem(
                f"no socket {socket!r} here", self.where(path), hint=nearest(socket, self.binding.sockets)
            )

    def inputs(
        self, expressions: Mapping[str, Expression], path: Path, known: Iterable[str]
    ) -> Iterator[Problem]:
        for key, expression in expressions.items():
            yield from self.input(expression, (*path, key), frozenset(known))

    def input(self, expression: Expression, path: Path, known: frozenset[str]) -> Iterator[Problem]:
        """Problems of what is sent: nothing has been heard yet, and only ``known`` names mean anything."""
        for part in parts_of(expression):
            if isinstance(part, Pointer | Header):
                source = (
                    "$message.payload"
                    if isinstance(part, Pointer) and part.source == "message"
                    else "$response"
                )
                yield Problem(
                    f"{source} means nothing before anything was heard",
                    self.where(path),
                    "$argument, or a value",
                )
            elif isinstance(part, Name):
                yield from self.name(part, path, known)

    def name(self, name: Name, path: Path, known: frozenset[str]) -> Iterator[Problem]:
        if name.name not in known:
            yield Problem(
                f"nothing gives ${name.name} here", self.where(path), hint=nearest(name.name, known)
            )
            return
        thing, attributes = name.name, name.attributes
        if thing == "room" and attributes[:1] == ("peer",):
            thing, attributes = "peer", attributes[1:]
        has = self.attributes(thing)
        for attribute in attributes[:1]:
            if attribute not in has:
                hint = nearest(attribute, has) or f"write ${name.name}"
                yield Problem(
                    f"{thing} has no {attribute!r} to write ${name.key}", self.where(path), hint=hint
                )
        if len(attributes) > 1:
            yield Problem(f"${name.key} reaches too deep", self.where(path), f"${name.name}.{attributes[0]}")

    def attributes(self, thing: str) -> frozenset[str]:
        """What a thing of that name has: what the binding says of members, or the fields of the view that shows it."""
        if thing == "me":
            return frozenset((*self.binding.attributes, *self.binding.credentials))
        if thing in ("peer", "peers"):
            return frozenset(self.binding.attributes)
        if thing == "room":
            return frozenset((*ROOM_ATTRIBUTES, "peer"))
        if thing in ("file", "files"):
            return frozenset(FILE_ATTRIBUTES)
        view, several = SHOWN.get(thing, ("", False))
        views = (
            ()
            if several
            else (fields for name, fields in self.binding.views.items() if base_view(name) == view)
        )
        return frozenset(field for fields in views for field in fields)

    # -- verbs --------------------------------------------------------------------------------------------------------

    def form(self, form: Form, path: Path) -> Iterator[Problem]:
        by_socket = any(step.frame or step.open for step in form.steps)
        if by_socket != (form.name == "socket"):
            expected = (
                "form socket, because a frame says it"
                if by_socket
                else "form http, because no step is a frame or opens a socket"
            )
            yield Problem(f"{form.verb} is said to be done by {form.name}", self.where(path), expected)
        word = VERBS[form.verb]
        known = _ALWAYS | {*word.needs, *word.may}
        for index, step in enumerate(form.steps):
            yield from self.step(step, (*path, index), known)
            later = {
                name
                for other in form.steps[index + 1 :]
                for expression in _sent(other)
                for name in names(expression)
            }
            for status, gives in step.gives.items():
                here: Path = (*path, index, "gives", *((str(status),) if status else ()))
                for name in gives:
                    if name not in word.gives and name not in later:
                        hint = nearest(name, word.gives) if word.gives else f"{form.verb} gives nothing"
                        yield Problem(
                            f"{name!r} is nothing that {form.verb} gives",
                            self.where((*here, name)),
                            hint=hint,
                        )
                yield from self.shown(gives, here, "response", known)
                known |= set(gives)

    def step(self, step: Step, path: Path, known: frozenset[str]) -> Iterator[Problem]:
        yield from self.kinds(step.kinds, (*path, "for"))
        yield from self.socket(step.on, (*path, "on"))
        yield from self.socket(step.open, (*path, "open"))
        yield from self.inputs(step.arguments, (*path, "with"), known)
        yield from self.inputs(step.headers, (*path, "headers"), known)
        for key, expression in (("url", step.url), ("body", step.body)):
            if expression is not None:
                yield from self.input(expression, (*path, key), known)

    def shown(
        self, gives: Mapping[str, Shown], path: Path, source: str, known: frozenset[str]
    ) -> Iterator[Problem]:
        for name, shown in gives.items():
            here = (*path, name)
            for part in parts_of(shown.at):
                if isinstance(part, Name):
                    yield from self.name(part, here, known)
                elif (isinstance(part, Pointer) and part.source != source) or (
                    isinstance(part, Header) and source != "response"
                ):
                    expected = (
                        "$response.body#/pointer" if source == "response" else "$message.payload#/pointer"
                    )
                    yield Problem(f"{name} is read from what was not heard here", self.where(here), expected)
            yield from self.view(shown.view, here)
            yield from self.kinds((shown.kind,) if shown.kind else (), here)
            view, several = SHOWN.get(name, ("", shown.each))
            if shown.view and view and base_view(shown.view) != view:
                yield Problem(
                    f"{name} is shown by the view {shown.view}",
                    self.where(here),
                    f"{view}, or a variant of it",
                )
            if shown.each != several:
                yield Problem(
                    f"{name} is {'a list' if several else 'one thing'}",
                    self.where(here),
                    "each" if several else "at",
                )
            elif shown.each and not shown.view and not shown.kind:
                yield Problem(
                    f"{name} has no view to read its elements by", self.where(here), "view: <a view>"
                )
            if shown.kind and (view != "room" or (shown.view and base_view(shown.view) != "room")):
                yield Problem(
                    f"{name} has a kind, and is no room", self.where(here), "kind with room or rooms alone"
                )

    # -- events -------------------------------------------------------------------------------------------------------

    def event(self, event: EventBinding, path: Path) -> Iterator[Problem]:
        for other in self.binding.events.values():
            for message in event.messages:
                if message in other.messages and other.name < event.name:
                    yield Problem(
                        f"{message} is heard as {other.name} too",
                        self.where((*path, "message")),
                        "one event a message",
                    )
        for name, shown in event.gives.items():
            here = (*path, "gives", name)
            if name in VIEWS and name not in EVENTS[event.name] and not shown.view:
                yield Problem(f"{name} has no view to read it by", self.where(here), f"view: {name}")
            elif name not in EVENTS[event.name] and name not in VIEWS:
                hint = nearest(name, (*EVENTS[event.name], *VIEWS))
                yield Problem(f"{name!r} is nothing that {event.name} shows", self.where(here), hint=hint)
        yield from self.shown(event.gives, (*path, "gives"), "message", frozenset())
        for cause in event.after:
            here = (*path, "after", f"{cause.verb}/{cause.form}" if cause.form else cause.verb)
            if cause.verb in SOCKET_CAUSES or cause.verb not in VERBS:
                continue
            if cause.verb not in self.binding.verbs:
                yield Problem(
                    f"{event.name} comes after {cause.verb}, which is not bound here", self.where(here)
                )
            elif cause.form not in ("", *self.binding.verbs[cause.verb]):
                yield Problem(f"{cause.verb} has no {cause.form} form here", self.where(here))


def _sent(step: Step) -> Iterator[Expression]:
    yield from step.arguments.values()
    yield from step.headers.values()
    yield from (expression for expression in (step.url, step.body) if expression is not None)
