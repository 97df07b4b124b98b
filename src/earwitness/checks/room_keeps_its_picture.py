"""A room that was started with a picture has one."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.meaning import field_basis
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.world import Exchange, Room, World

CHECK = Check(
    id="room-keeps-its-picture",
    sentence="A room that was started with a picture shows that it has one.",
    severity="low",
    needs=("start-group", "room.picture"),
    also=("list-rooms", "read-room"),
)


def find(world: World) -> Iterator[Finding]:
    for exchange, seen, room in shown_rooms(world):
        start = _with_a_picture(world, room)
        if start is None or exchange.begun < start.begun or "picture" not in seen.fields:
            continue
        if (shown := seen.get("picture")) in (None, ""):
            wanted = f"the picture of room {room.id}, which was started with one"
            basis = field_basis(world, exchange, "room", ("picture",))
            yield room_finding(CHECK, exchange, basis, wanted, f"picture {shown!r}", before=(start.entry.n,))


def _with_a_picture(world: World, room: Room) -> Exchange | None:
    """How the room was started, if that was with a picture."""
    starts = [world.line.exchanges[cause] for cause in room.started_by]
    return next((one for one in starts for reading in one.readings[:1] if "file" in reading.arguments), None)
