"""What the checks on sessions have in common: each list of sessions, each cleaning up, and the sockets that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import Seen
from earwitness.world import Exchange, Socket, World, what_it_gave


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions that a member was shown, by their ids."""

    exchange: Exchange
    ids: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A member's cleaning up, and how many sessions it took by its own word."""

    exchange: Exchange
    count: int


def lists_of_sessions(world: World) -> Iterator[Sessions]:
    """Each list of a member's sessions that was answered, in the order of asking; those called inactive are left out."""
    for exchange, gave in _answers(world, "list-sessions"):
        listed = gave.get("sessions")
        if isinstance(listed, tuple):
            shown = [one for one in listed if isinstance(one, Seen) and one.get("active") is not False]
            ids = tuple(one.text("id") for one in shown if one.text("id"))
            yield Sessions(exchange, ids, len(shown))


def cleanings(world: World) -> Iterator[Cleaning]:
    """Each cleaning up that said how many it took, in the order of asking."""
    for exchange, gave in _answers(world, "clean-sessions"):
        count = gave.get("count")
        if isinstance(count, int) and not isinstance(count, bool):
            yield Cleaning(exchange, count)


def _answers(world: World, verb: str) -> Iterator[tuple[Exchange, dict[str, object]]]:
    for exchange in sorted(world.line.exchanges.values(), key=lambda one: one.begun):
        reading = exchange.readings[0] if exchange.readings else None
        if reading is not None and reading.verb == verb and exchange.as_member:
            gave = what_it_gave(world.binding, exchange, reading)
            if gave is not None:
                yield exchange, gave


def sockets_of(world: World, member: str) -> list[Socket]:
    """The sockets that ``member`` may have opened."""
    return [
        socket
        for socket in world.line.sockets.values()
        if socket.member == member and socket.entry.role == "member" and socket.refused is None
    ]
