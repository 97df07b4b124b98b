"""Which sockets must and which may hear what is due: the words of an audience, rooms and open sockets put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from earwitness.binding import Binding
from earwitness.spec import Spec
from earwitness.world.register import NEVER
from earwitness.world.room import Room
from earwitness.world.state import State
from earwitness.world.timeline import Socket, Timeline

if TYPE_CHECKING:
    from earwitness.world.dues import Due


class Ears:
    """The sockets of a run by their members, so that not everybody's are looked at for each event."""

    def __init__(self, line: Timeline, state: State) -> None:
        self._all, self._state = tuple(line.sockets.values()), state
        self._of: dict[str, list[Socket]] = {}
        for socket in self._all:
            self._of.setdefault(socket.member, []).append(socket)

    def near(self, due: Due) -> Iterable[Socket]:
        """The sockets that may have to do with ``due``: all of them, unless it is known who is in its room."""
        room = self._state.rooms.get(due.room)
        if due.only:
            return [socket for socket in self._all if socket.id == due.only]
        if room is None or not room.complete:
            return self._all
        return [socket for member in room.members for socket in self._of.get(member, ())]


def audience_of(
    due: Due, sockets: Iterable[Socket], state: State, binding: Binding, spec: Spec, deadline: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of those ``sockets`` that must hear ``due``, and of those that may; ``deadline`` is in nanoseconds."""
    if due.standing == "refused":
        return (), ()
    room = state.rooms.get(due.room)
    must: list[str] = []
    may: list[str] = []
    begun = due.exchange.begun
    answered = due.exchange.response.t if due.exchange.response else max(begun, due.exchange.took)
    for socket in sockets:
        if not _in_scope(due, socket, room, binding, spec):
            continue
        listener = socket.member
        # Who is refused is told so, in the room or not.
        inside = True if due.only else room.has(listener, begun, answered) if room else None
        in_must = in_words(due.audience.must, listener, due.exchange.member)
        in_may = in_must or in_words(due.audience.may, listener, due.exchange.member)
        heard = due.heard.get(socket.id)
        until = heard[0].entry.t if heard else answered + deadline
        if in_must and inside and due.standing == "certain" and socket.open_throughout(begun, until):
            must.append(socket.id)
        elif in_may and inside is not False and socket.open_during(begun, NEVER):
            may.append(socket.id)
    return tuple(must), tuple(may)


def may_hear(due: Due, socket: Socket, state: State, binding: Binding, spec: Spec) -> bool:
    """Whether the socket is among those that must or may hear ``due``, as far as can be told."""
    room = state.rooms.get(due.room)
    if due.standing == "refused" or not _in_scope(due, socket, room, binding, spec):
        return False
    begun, actor = due.exchange.begun, due.exchange.member
    named = in_words(due.audience.must, socket.member, actor) or in_words(
        due.audience.may, socket.member, actor
    )
    inside = True if due.only else room.has(socket.member, begun, begun) if room else None
    return named and inside is not False and socket.open_during(begun, NEVER)


def _in_scope(due: Due, socket: Socket, room: Room | None, binding: Binding, spec: Spec) -> bool:
    if due.only:
        return socket.id == due.only
    if due.is_end_of(socket.id):
        return False
    bound = binding.sockets.get(socket.entry.name)
    channel = spec.channels.get(socket.entry.channel)
    if bound is None or channel is None or socket.entry.role != "member" or socket.opened is None:
        return False
    if not any(message in channel.hears for message in binding.events[due.event].messages):
        return False
    if bound.kinds and room is not None and room.kind and room.kind not in bound.kinds:
        return False
    if bound.per == "room":
        return socket.room == due.room
    return bound.per == "member" or socket.room == due.room


def in_words(audience: str, listener: str, actor: str) -> bool:
    """Whether ``listener`` is among those that an audience's word names, ``actor`` being who caused the event."""
    match audience:
        case "everyone":
            return True
        case "others" | "recipient":
            return listener != actor
        case "sender":
            return listener == actor
    return False
