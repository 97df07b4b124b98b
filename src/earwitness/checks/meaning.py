"""What a claim means in one API: which rooms it names, which fields can be shown there, and on what that rests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from earwitness.binding import Reading, room_key
from earwitness.binding.expressions import Literal, Pointer
from earwitness.binding.model import Shown, ViewField
from earwitness.binding.vocabulary import SHOWN, base_view
from earwitness.spec import Schema
from earwitness.world import Due, Exchange, Heard, World, weakest


def rooms_meant(world: World, room: str, kind: str, case: str) -> set[str]:
    """What the rooms are called that a claim may mean, which names one by its id: where kinds are numbered apart and it names no
    kind, those that its case has started, if there are any."""
    if not room or room in world.state.rooms:
        return {room} - {""}
    named = {room_key(world.binding, one, room) for one in ([kind] if kind else world.binding.rooms)}
    known = [world.state.rooms[key] for key in named if key in world.state.rooms]
    exchanges = world.line.exchanges
    started = {one.id for one in known if any(exchanges[x].entry.case == case for x in one.started_by)}
    return started or {one.id for one in known} or {room}


def is_anothers(heard: Heard, due: Due) -> bool:
    """Whether a frame is what another cause made due, that tells of the very same: it cannot stand for ``due`` as well."""
    return (
        heard.due is not None
        and heard.due is not due
        and heard.due.standing == due.standing == "certain"
        and dict(heard.due.shows) == dict(due.shows)
    )


def can_show(world: World, name: str, field: str) -> bool:
    """Whether the API shows ``field`` of what an answer gives under ``name``; a view with no fields at all says nothing."""
    if name not in SHOWN:
        return True
    views = [view for each, view in world.binding.views.items() if base_view(each) == SHOWN[name][0]]
    return not any(views) or any(field in view for view in views)


def field_basis(world: World, exchange: Exchange, name: str, fields: Iterable[str]) -> str:
    """What it rests on that the answer to ``exchange`` shows ``fields`` of what it gives under ``name``: a property that is ours,
    and optional, is no promise of the document."""
    found = [_basis(world, exchange, name, field) for field in fields]
    # One that was promised is enough.
    return min(found, key=("stated", "shown", "decided").index, default="stated")


def is_described(world: World, exchange: Exchange, name: str, field: str) -> bool:
    """Whether the document says of the answer to ``exchange`` that it shows ``field`` of what it gives under ``name``."""
    return any(schema.describes(place) for schema, place in _places(world, exchange, name, field))


def giving_basis(exchange: Exchange, name: str, value: object) -> str:
    """What it rests on that the answer to ``exchange`` says ``value`` (None: nothing) under the binding's ``name``, where a status
    says it: what the document promises of those statuses."""
    operation, reading = exchange.operation, next(iter(exchange.readings), None)
    bases = [
        operation.responses[str(status)].basis
        for status, gives in (reading.step.gives if reading else {}).items()
        if operation is not None and str(status) in operation.responses and 200 <= status < 300
        and (gives[name].at == Literal(value) if name in gives else value is None)
    ]  # fmt: skip
    return weakest("stated", *bases)


def _basis(world: World, exchange: Exchange, name: str, field: str) -> str:
    return weakest("stated", *(schema.basis_of(at) for schema, at in _places(world, exchange, name, field)))


def _places(
    world: World, exchange: Exchange, name: str, field: str
) -> Iterator[tuple[Schema, tuple[str, ...]]]:
    """Where in an answer, by which schema of it, ``field`` of what it gives under ``name`` stands."""
    for reading in exchange.readings:
        for shown in _shown(reading, exchange.status, name):
            place = _place(world, shown, field)
            if isinstance(shown.at, Pointer) and place is not None:
                for schema in _schemas(exchange):
                    yield schema, (*shown.at.tokens, *(("0",) if shown.each else ()), *place.tokens)


def _shown(reading: Reading, status: int, name: str) -> Iterator[Shown]:
    listed = reading.step.gives.get(status, reading.step.gives.get(0, {}))
    if name in listed:
        yield listed[name]


def _place(world: World, shown: Shown, field: str) -> ViewField | None:
    return world.binding.views.get(shown.view, {}).get(field)


def _schemas(exchange: Exchange) -> Iterator[Schema]:
    response = exchange.operation.response(exchange.status) if exchange.operation else None
    for schema in response.content.values() if response is not None else ():
        if schema is not None:
            yield schema


def hears_as(world: World, due: Due, member: str) -> str:
    """As what ``member`` would hear ``due``: a "member", in its room when its cause began, or an "outsider"."""
    room = world.state.rooms.get(due.room)
    begun = due.exchange.begun
    return "member" if room is not None and room.has(member, begun, begun) else "outsider"
