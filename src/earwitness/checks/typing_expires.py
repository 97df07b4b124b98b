"""Who is listed as typing has typed, and not too long ago."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange, World, what_it_gave

CHECK = Check(
    id="typing-expires",
    sentence="Who is listed as typing in a room has said so there, within the documented time.",
    severity="low",
    needs=("type", "list-typing"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("typing-expiry")
    if rule is None or not isinstance(rule.value, int):
        return
    # A frame that was said may be taken in as late as an event may be heard.
    lasts = rule.value * 1_000_000_000 + world.line.run.deadline_ms * 1_000_000
    typed = _typed(world)
    for exchange, room, shown in _listed(world):
        member = world.line.member_with_id(shown)
        known = world.state.rooms.get(room)
        if not member or known is None or known.fresh_since > exchange.begun:
            continue  # somebody else's typing, or one from before the run
        since = [moment for moment in typed.get((room, member), ()) if moment <= exchange.done]
        if since and exchange.begun <= max(since) + lasts:
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
    for exchange in world.line.exchanges.values():
        for reading in exchange.readings if exchange.as_member else ():
            gave = what_it_gave(world.binding, exchange, reading) or {}
            typists = gave.get("typists")
            for one in typists if isinstance(typists, tuple) else ():
                if isinstance(one, Seen) and one.text("id"):
                    yield exchange, reading.argument("room"), one.text("id")
