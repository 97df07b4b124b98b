"""A room of many is called what it was called last, wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.meaning import field_basis
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, room_names, shown_rooms
from earwitness.world import World

CHECK = Check(
    id="room-keeps-its-name",
    sentence="A room of many shows the name that it was given, and once it was given another one that, wherever it is shown.",
    severity="medium",
    needs=("start-group", "room.name"),
    also=("rename-room", "list-rooms", "read-room", "search-rooms"),
)


def find(world: World) -> Iterator[Finding]:
    named = room_names(world)
    for exchange, seen, room in shown_rooms(world):
        kind, register = world.binding.rooms.get(room.kind), named.get(room.id)
        name = seen.get("name")
        if kind is None or kind.pair or register is None or not isinstance(name, str | None):
            continue
        # An answer to a new name shows the room as it is then.
        renames = any(reading.verb == "rename-room" for reading in exchange.readings[:1])
        possible = register.possible(exchange.done + 1 if renames else exchange.begun, exchange.done)
        # Nobody promises the spaces around it.
        if "name" not in seen.fields or not possible or (name or "").strip() in map(str.strip, possible):
            continue
        wanted = " or ".join(f"{one!r:.80}" for one in dict.fromkeys(possible))
        basis = field_basis(world, exchange, "room", ("name",))
        yield room_finding(CHECK, exchange, basis, f"room {room.id} called {wanted}", f"name {name!r:.80}")
