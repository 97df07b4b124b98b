"""Whom a room of two is with is the other one of the two."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.meaning import field_basis
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.world import World

CHECK = Check(
    id="peer-is-the-other",
    sentence="A direct room shows as its peer the other member, whoever of the two asks; a room of more shows none.",
    severity="medium",
    needs=("room.peer",),
    also=("start-direct", "open-direct", "list-rooms", "read-room"),
)


def find(world: World) -> Iterator[Finding]:
    if not any("peer" in view for view in world.binding.views.values()):
        return
    for exchange, seen, room in shown_rooms(world):
        kind = world.binding.rooms.get(room.kind)
        if kind is None or "peer" not in seen.fields or not room.complete:
            continue
        others = [world.line.id_of(one) for one in room.members if one != exchange.member]
        if kind.pair and len(others) != 1:
            continue
        wanted = others[0] if kind.pair else ""
        if seen.text("peer") == wanted:
            continue
        expected = f"{exchange.member} finds {'room ' + room.id + ' to be with ' + wanted if wanted else 'no peer of room ' + room.id}"
        basis = field_basis(world, exchange, "room", ("peer",))
        yield room_finding(CHECK, exchange, basis, expected, f"peer {seen.get('peer')!r:.80}")
