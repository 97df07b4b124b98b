"""What the checks on shown rooms have in common: every sight of a room, in answers to starts, reads and lists."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen, key_of
from earwitness.world import Exchange, Room, World, what_it_gave


def shown_rooms(world: World) -> Iterator[tuple[Exchange, Seen, Room]]:
    """Each room that an answer showed to a member, once an answer: the exchange, what it showed, and what the run knows."""
    for exchange in world.line.exchanges.values():
        if not exchange.as_member:
            continue
        told: set[str] = set()
        for reading in exchange.readings:
            gave = what_it_gave(world.binding, exchange, reading) or {}
            listed = gave.get("rooms")
            for seen in (gave.get("room"), *(listed if isinstance(listed, tuple) else ())):
                if not isinstance(seen, Seen) or key_of(world.binding, seen) in told:
                    continue
                room = world.state.rooms.get(key_of(world.binding, seen))
                if room is not None:
                    told.add(room.id)
                    yield exchange, seen, room
