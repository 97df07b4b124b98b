"""Who came into a room, and who went: every socket that opened there or closed, and how sure that is to be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from earwitness.binding import Binding
from earwitness.world.room import Room
from earwitness.world.state import State
from earwitness.world.timeline import Exchange, Socket, Timeline

# The events that tell of it.
PRESENCE = ("came-online", "went-offline")

Standing = Literal["certain", "unknown", "refused"]

# A close without a word: the connection was broken off (RFC 6455, section 7.4.1).
_BROKEN_OFF = 1006


@dataclass(frozen=True, slots=True)
class Passage:
    """A member's socket opened (``open-socket``) or closed (``close-socket``) in ``room``; ``alone`` when it is the only one that
    the member has there. Others may know of it since ``known_since``."""

    verb: str
    exchange: Exchange
    room: str
    standing: Standing
    alone: bool
    known_since: float


def comings_and_goings(line: Timeline, state: State, binding: Binding) -> Iterator[Passage]:
    """Every socket that a member opened or closed, or tried to."""
    of_room: dict[tuple[str, str], list[Socket]] = {}
    for socket in line.sockets.values():
        of_room.setdefault((socket.member, socket.room), []).append(socket)
    for socket in line.sockets.values():
        if socket.entry.role != "member":
            continue
        others = [one for one in of_room[socket.member, socket.room] if one is not socket]
        room = state.rooms.get(socket.room)
        came = _opening_stands(socket, room, line, binding)
        if came is not None:
            took = socket.opened.t if socket.opened is not None else socket.entry.t
            opening = Exchange(f"{socket.id}:opened", socket.entry, socket.member, took=took)
            alone = not any(one.open_during(socket.entry.t, took) for one in others)
            yield Passage("open-socket", opening, socket.room, came, alone, socket.entry.t)
        if socket.opened is not None and socket.closed is not None:
            closed = socket.closed.t
            closing = Exchange(f"{socket.id}:closed", socket.closed, socket.member, took=closed)
            alone = not any(one.open_during(closed, closed) for one in others)
            # Who is told learns it when our goodbye arrives; we, when the server's has come back and the connection is gone.
            since = max(socket.opened.t, closed - line.run.deadline_ms * 1_000_000)
            yield Passage("close-socket", closing, socket.room, _closing_stands(socket, room), alone, since)


def _opening_stands(socket: Socket, room: Room | None, line: Timeline, binding: Binding) -> Standing | None:
    """How sure it is that a socket's opening is noticed; None when there is nothing to notice."""
    if socket.refused is not None and 400 <= socket.refused.status < 500:
        return "refused" if room is not None else None
    if socket.opened is None or room is None:
        return "unknown"
    kind = binding.rooms.get(room.kind)
    inside = room.has(socket.member, socket.entry.t, socket.opened.t)
    if inside is False and not (kind is not None and kind.open):
        return "refused"
    at_home = inside is True or (kind is not None and kind.open)
    return "certain" if at_home and not socket.was_cut_short(line) else "unknown"


def _closing_stands(socket: Socket, room: Room | None) -> Standing:
    """How sure it is that a socket's end is noticed: a connection that broke may be missed, one that the server ended (perhaps since
    it ended itself) need not be told of, and of who is out of the room nothing is said."""
    closed = socket.closed
    ours = closed is not None and closed.by == "us" and closed.code != _BROKEN_OFF and socket.struck is None
    inside = room is not None and closed is not None and room.has(socket.member, closed.t, closed.t) is True
    return "certain" if ours and inside else "unknown"
