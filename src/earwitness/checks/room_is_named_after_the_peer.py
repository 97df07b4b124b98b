"""A room of two is called after the other one of the two."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.world import World, weakest

CHECK = Check(
    id="room-is-named-after-the-peer",
    sentence="A direct room's name, as a member is shown it, names the other member.",
    severity="low",
    needs=("room-name",),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("room-name")
    if rule is None:
        return
    for exchange, seen, room in shown_rooms(world):
        kind = world.binding.rooms.get(room.kind)
        others = [member for member in room.members if member != exchange.member]
        name = seen.text("name")
        if kind is None or not kind.pair or not room.complete or len(others) != 1 or not name:
            continue
        theirs, own = _names(world, others[0]), _names(world, exchange.member)
        if not theirs or any(one in name for one in theirs):
            continue
        # Whom it names is shown; that it must be by one of the names we know of that member is our reading.
        basis = rule.basis if any(one in name for one in own) else weakest(rule.basis, "decided")
        wanted = f"{exchange.member} finds room {room.id} named after {others[0]}"
        yield room_finding(CHECK, exchange, basis, wanted, f"{name!r:.120}", clause=rule.clause)


def _names(world: World, member: str) -> tuple[str, ...]:
    """What a test member is called: every attribute that is a text and no id."""
    attributes = world.line.members.get(member, {})
    return tuple(
        value for name, value in attributes.items() if name != "id" and isinstance(value, str) and value
    )
