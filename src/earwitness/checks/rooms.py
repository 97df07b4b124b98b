"""What the checks on shown rooms have in common: every sight of a room, in answers to starts, reads and lists."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen, key_of
from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange, Register, Room, World, what_it_gave


def room_names(world: World) -> dict[str, Register[str]]:
    """The names that rooms were given, where the API shows such names."""
    named: dict[str, Register[str]] = {}
    if not any("name" in view for key, view in world.binding.views.items() if key == "room"):
        return named
    for room in world.state.rooms.values():
        for exchange in (world.line.exchanges[cause] for cause in room.started_by[:1]):
            if exchange.readings and (name := exchange.readings[0].argument("name")):
                named[room.id] = Register()
                named[room.id].write(name, exchange.begun, exchange.done, exchange.id)
    for exchange in world.line.exchanges.values():
        reading = exchange.readings[0] if exchange.readings else None
        if reading is not None and reading.verb == "rename-room" and exchange.as_member:
            register = named.get(reading.argument("room"))
            if register is not None and (exchange.succeeded or exchange.uncertain):
                register.write(reading.argument("name"), exchange.begun, exchange.done, exchange.id)
    return named


def room_finding(
    check: Check, exchange: Exchange, basis: str, expected: str, heard: str, *, subject: str = "", clause: str = "", before: tuple[int, ...] = (),
) -> Finding:  # fmt: skip
    """A finding of ``check`` on a room that the answer to ``exchange`` shows. ``subject`` tells apart what a check can find there;
    ``clause`` is that of the operation where none is given, and ``before`` are the entries that it follows from."""
    operation = exchange.operation
    shown_by = operation.id if operation else exchange.form
    return Finding(
        check.id, ":".join(filter(None, (check.id, shown_by, subject))), basis, check.severity,
        clause or (operation.clause if operation else ""), expected, heard, tuple(dict.fromkeys((*before, exchange.entry.n))),
        exchange.entry.case, operation.id if operation else "",
    )  # fmt: skip


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
