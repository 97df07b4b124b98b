"""Starting again with the same peer gives the same room."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from earwitness.binding import Reading
from earwitness.binding.expressions import Name
from earwitness.checks.meaning import giving_basis
from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import is_owed_success
from earwitness.world import Exchange, Room, World, effective, key_given, named_members, weakest, what_it_gave

CHECK = Check(
    id="start-is-idempotent",
    sentence="Two members have one direct room: starting again, from either side, gives that room, and calls it no new one.",
    severity="medium",
    needs=("start-again",),
    also=("start-direct", "open-direct"),
    cwe=("CWE-837",),
)


def find(world: World) -> Iterator[Finding]:
    yield from _unnamed(world)
    rule = world.binding.rule("start-again")
    pairs: dict[tuple[str, frozenset[str]], list[Room]] = {}
    for room in world.state.rooms.values():
        kind = world.binding.rooms.get(room.kind)
        if kind is not None and kind.pair and room.complete and room.started_by and len(room.members) == 2:
            pairs.setdefault((room.kind, frozenset(room.members)), []).append(room)
    for (_, members), rooms in pairs.items():
        # A room that was deleted, or may have been, is no longer the one to be given.
        rooms = [room for room in rooms if not room.gone.writes]
        if rule is None or len(rooms) < 2:
            continue
        starts = [world.line.exchanges[room.started_by[0]] for room in rooms]
        alike = next(((a, b) for a, b in combinations(starts, 2) if _besides(a) == _besides(b)), None)
        first, second = alike or starts[:2]
        # That a room about something else is the same room is said by no document.
        basis = rule.basis if alike else weakest(rule.basis, "decided")
        yield Finding(
            CHECK.id, f"{CHECK.id}:{second.operation.id if second.operation else 'start'}", basis, CHECK.severity,
            rule.clause, f"one room for {' and '.join(sorted(members))}", f"rooms {', '.join(r.id for r in rooms)}",
            (first.entry.n, second.entry.n), second.entry.case, second.operation.id if second.operation else "",
        )  # fmt: skip
    for exchange in world.line.exchanges.values() if rule is not None and rule.value == "same-room" else ():
        given = _called_new(world, exchange)
        if given is not None and rule is not None:
            basis = weakest(rule.basis, giving_basis(exchange, "created", None))
            yield Finding(
                CHECK.id, f"{CHECK.id}:{exchange.operation.id if exchange.operation else 'start'}:new", basis, CHECK.severity,
                rule.clause, f"room {given.id}, and nothing of a new one: it was there", f"{exchange.status}, which says it is new",
                (exchange.entry.n,), exchange.entry.case, exchange.operation.id if exchange.operation else "",
            )  # fmt: skip


def _called_new(world: World, exchange: Exchange) -> Room | None:
    """The pair's room that the answer to a start calls new although somebody was shown it before; None when it does not."""
    reading = effective(exchange)
    if reading is None or reading.verb not in ("start-direct", "open-direct") or not exchange.as_member:
        return None
    gave = what_it_gave(world.binding, exchange, reading) or {}
    room = world.state.rooms.get(key_given(world.binding, gave.get("room")))
    there = room is not None and room.shown_since < exchange.begun and not room.gone.writes
    return room if gave.get("created") is True and there else None


def _besides(exchange: Exchange) -> dict[str, object]:
    """What a request says besides who starts with whom, and the text."""
    bound = exchange.readings[0].step.arguments if exchange.readings else {}
    known = {
        name for name, said in bound.items() if isinstance(said, Name) and said.name in ("me", "peer", "text")
    }
    return {name: value for name, value in exchange.sent.items() if name not in known and value is not None}


def _unnamed(world: World) -> Iterator[Finding]:
    """Starts that are refused with the status for a room that there is already, and do not name it, though there is one and
    nothing else stands against them."""
    rule = world.binding.rule("start-again")
    for exchange in world.line.exchanges.values():
        reading = exchange.readings[0] if exchange.readings else None
        if rule is None or reading is None or reading.verb not in ("start-direct", "open-direct"):
            continue
        named_by = exchange.status in reading.step.gives and not 200 <= exchange.status < 300
        if not named_by or exchange.response is None or not is_owed_success(world, exchange):
            continue
        room = _room_of(world, exchange, reading)
        if room is None or what_it_gave(world.binding, exchange, reading) is not None:
            continue
        operation = exchange.operation.id if exchange.operation else ""
        yield Finding(
            CHECK.id, f"{CHECK.id}:{operation or 'start'}:unnamed", rule.basis, CHECK.severity, rule.clause,
            f"the room {room.id}, which {' and '.join(sorted(room.members))} have already, named in the refusal",
            f"{exchange.status} without it", (exchange.entry.n, exchange.response.n), exchange.entry.case, operation,
        )  # fmt: skip


def _room_of(world: World, exchange: Exchange, reading: Reading) -> Room | None:
    """The room that the caller and the peer certainly have when ``exchange`` begins."""
    both = {exchange.member, *named_members(world.line, reading, "peer.id")}
    for room in world.state.rooms.values():
        kind = world.binding.rooms.get(room.kind)
        theirs = kind is not None and kind.pair and room.complete and set(room.members) == both
        if theirs and room.shown_since < exchange.begun and not room.gone.writes:
            return room
    return None
