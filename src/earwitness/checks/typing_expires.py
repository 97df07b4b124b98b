"""Who is listed as typing has typed, and not too long ago."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange, World, weakest, what_it_gave

CHECK = Check(
    id="typing-expires",
    sentence="Who is listed as typing in a room has said so there, within the documented time; and who has is listed.",
    severity="low",
    needs=("type", "list-typing", "typing-expiry"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("typing-expiry")
    if rule is None or not isinstance(rule.value, int):
        return
    # A frame that was said may be taken in as late as an event may be heard.
    grace = world.line.run.deadline_ms * 1_000_000
    lasts = rule.value * 1_000_000_000 + grace
    clock = world.line.by_their_clock
    typed = _typed(world)
    for exchange, room, shown in _listed(world):
        member = world.line.member_with_id(shown)
        known = world.state.rooms.get(room)
        if not member or known is None or known.fresh_since > exchange.begun:
            continue  # somebody else's typing, or one from before the run
        since = [moment for moment in typed.get((room, member), ()) if moment <= exchange.done]
        if since and clock(exchange.begun) <= clock(max(since)) + lasts:
            continue
        expected = (
            f"{member} no longer listed as typing after {rule.value} s"
            if since
            else f"{member}, who has not typed, not listed"
        )
        operation = exchange.operation
        yield Finding(
            CHECK.id, f"{CHECK.id}:{'late' if since else 'never'}", rule.basis, CHECK.severity, rule.clause, expected,
            f"{exchange.member} was shown {member} typing", (exchange.entry.n,), exchange.entry.case,
            operation.id if operation else "",
        )  # fmt: skip

    for exchange, room, ids in _lists(world):
        for (where, member), said in _saying(world).items():
            basis = _still_types(world, exchange, said, rule.value) if where == room else ""
            # The caller may be left out: nobody has to be told of oneself.
            if basis and member != exchange.member and world.line.id_of(member) not in ids:
                operation = exchange.operation
                yield Finding(
                    CHECK.id, f"{CHECK.id}:early", weakest(rule.basis, basis), CHECK.severity, rule.clause,
                    f"{member} listed as typing for {rule.value} s", f"{exchange.member} was shown {len(ids)} others",
                    (said[-1].entry.n, exchange.entry.n), exchange.entry.case, operation.id if operation else "",
                )  # fmt: skip


def _still_types(world: World, exchange: Exchange, said: list[Exchange], lasts: int) -> str:
    """What it rests on that whoever ``said`` to be typing, or not any more, is listed in the answer to ``exchange``; "" when that
    need not be."""
    before = [one for one in said if one.begun <= exchange.done]
    if not before or before[-1].readings[0].arguments.get("typing") is False:
        return ""
    last, room = before[-1], world.state.rooms.get(before[-1].readings[0].argument("room"))
    began = [one for one in said if one.begun > last.begun and one.begun <= exchange.done]
    age = world.line.by_their_clock(exchange.done) - world.line.by_their_clock(last.begun)
    inside = room is not None and room.has(last.member, last.begun, exchange.done)
    if began or not inside or age >= lasts * 1_000_000_000 or _taken(world, last) > exchange.begun:
        return ""
    # That neither writing nor closing the socket ends it is said by no document.
    return "decided" if _did_more(world, last, exchange) else "stated"


def _taken(world: World, said: Exchange) -> float:
    """The moment by which what was ``said`` had arrived: others heard of it, or it has had its time."""
    heard = [
        one.entry.t
        for due in world.delivery.dues
        if due.exchange is said
        for heard in due.heard.values()
        for one in heard[:1]
    ]
    return min([world.line.taken_by(said), *heard])


def _did_more(world: World, said: Exchange, until: Exchange) -> bool:
    """Whether who ``said`` to be typing has written since, or closed a socket."""
    wrote = any(
        one.member == said.member
        and said.begun < one.begun <= until.done
        and any(reading.verb in ("send-text", "send-file", "reply") for reading in one.readings)
        for one in world.line.exchanges.values()
    )
    closed = any(
        one.member == said.member and one.closed is not None and said.begun < one.closed.t <= until.done
        for one in world.line.sockets.values()
    )
    return wrote or closed


def _saying(world: World) -> dict[tuple[str, str], list[Exchange]]:
    """What each member said in each room of typing, in order."""
    said: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in sorted(world.line.exchanges.values(), key=lambda one: one.begun):
        for reading in exchange.readings[:1]:
            if reading.verb == "type" and exchange.as_member:
                said.setdefault((reading.argument("room"), exchange.member), []).append(exchange)
    return said


def _typed(world: World) -> dict[tuple[str, str], list[int]]:
    """When each member said in each room that they type."""
    typed: dict[tuple[str, str], list[int]] = {}
    for exchange in world.line.exchanges.values():
        for reading in exchange.readings[:1]:
            if reading.verb == "type" and reading.arguments.get("typing") is not False:
                typed.setdefault((reading.argument("room"), exchange.member), []).append(exchange.begun)
    return typed


def _listed(world: World) -> Iterator[tuple[Exchange, str, str]]:
    """Each member's id that an answer lists as typing, with the room."""
    for exchange, room, ids in _lists(world):
        for one in ids:
            yield exchange, room, one


def _lists(world: World) -> Iterator[tuple[Exchange, str, tuple[str, ...]]]:
    """Each answer that lists who is typing, with the room and their ids."""
    for exchange in world.line.exchanges.values():
        for reading in exchange.readings if exchange.as_member else ():
            gave = what_it_gave(world.binding, exchange, reading) or {}
            typists = gave.get("typists")
            if isinstance(typists, tuple):
                ids = tuple(one.text("id") for one in typists if isinstance(one, Seen) and one.text("id"))
                yield exchange, reading.argument("room"), ids
