"""Reads addresses backwards: which room, or which peer, a socket was opened for; what a path says that is spelt otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from earwitness.binding import Binding, only_kind, room_key, unify
from earwitness.history import SocketOpening
from earwitness.spec import Operation, Spec
from earwitness.spec.routes import Routes


def room_of_socket(entry: SocketOpening, spec: Spec, binding: Binding) -> str:
    """What the room is called that a socket was opened for; "" when its address names none."""
    bound = binding.sockets.get(entry.name)
    if bound is None or bound.per != "room":
        return entry.room
    said = _said(entry, spec, binding)
    room = entry.room or said.get("room", said.get("room.id", ""))
    return room_key(binding, only_kind(binding, bound.kinds), room)


def peer_of_socket(
    entry: SocketOpening, spec: Spec, binding: Binding, members: Mapping[str, Mapping[str, object]]
) -> str:
    """The test member whom a socket's address names, of ``members`` by name; "" when it names none of them."""
    bound = binding.sockets.get(entry.name)
    if bound is None or bound.per != "peer":
        return entry.peer
    named = {
        key.partition(".")[2] or "id": value
        for key, value in _said(entry, spec, binding).items()
        if key.partition(".")[0] == "peer"
    }
    found = [
        name
        for name, attributes in members.items()
        if named and all(str(attributes.get(key)) == value for key, value in named.items())
    ]
    return found[0] if len(found) == 1 else entry.peer


def _said(entry: SocketOpening, spec: Spec, binding: Binding) -> dict[str, str]:
    """What an address says, by the names of what fills it."""
    channel, bound = spec.channels.get(entry.channel), binding.sockets[entry.name]
    if channel is None:
        return {}
    url = urlsplit(entry.url)
    places = channel.address.partition("?")[0].strip("/").split("/")
    given = url.path.strip("/").split("/")[-len(places) :]
    sent = dict(parse_qsl(url.query, keep_blank_values=True))
    for place, text in zip(places, given, strict=False):
        if place.startswith("{") and place.endswith("}"):
            sent[place[1:-1]] = unquote(text)
    said: dict[str, str] = {}
    for name, expression in bound.arguments.items():
        found = unify(expression, sent[name]) if name in sent else None
        said |= {key: str(value) for key, value in (found or {}).items()}
    return said


def spelt_otherwise(binding: Binding, operation: Operation, path: str) -> dict[str, str]:
    """What ``path`` says by the names of the places in it, if it is that of ``operation`` in one of the binding's sets of paths;
    nothing when it is not."""
    for other in binding.paths.values():
        if operation.id in other:
            found = _route(operation.id, other[operation.id]).match("GET", path)
            if found is not None:
                return found[1]
    return {}


@lru_cache(maxsize=256)
def _route(operation: str, path: str) -> Routes:
    return Routes.of([(operation, "GET", path)])
