"""What a room was started about is what it is shown to be about."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.world import NEVER, Exchange, Room, World

CHECK = Check(
    id="room-keeps-its-subject",
    sentence="A room shows the subject that it was started about, whoever starts it again and with whatever subject.",
    severity="medium",
    needs=("start-direct", "room-subject"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("room-subject")
    if rule is None:
        return
    for exchange, seen, room in shown_rooms(world):
        first = _first(world, room)
        subject = seen.get("subject")
        # An object in its place may be the same thing, told in full.
        if first is None or exchange.begun < first.begun or not isinstance(subject, str | int | None):
            continue
        started, meant = first, first.readings[0].argument("subject")
        if ("" if subject is None else str(subject)) == meant:
            continue
        wanted = f"room {room.id} about {meant or 'nothing'}, as it was started"
        yield room_finding(
            CHECK,
            exchange,
            rule.basis,
            wanted,
            f"about {subject!r:.80}",
            clause=rule.clause,
            before=(started.entry.n,),
        )


def _first(world: World, room: Room) -> Exchange | None:
    """The exchange that made the room; None when it is older than the run, or when two may have made it."""
    if room.fresh_since == NEVER or not room.started_by:
        return None
    starts = [world.line.exchanges[cause] for cause in room.started_by]
    first = min(starts, key=lambda one: one.begun)
    others = (one for one in starts if one is not first)
    return first if all(one.begun > first.done for one in others) else None
