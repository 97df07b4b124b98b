"""Rooms are listed in the documented order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from earwitness.binding import key_of
from earwitness.checks.model import Check, Finding
from earwitness.world import Listing, World

CHECK = Check(
    id="room-order",
    sentence="A member's rooms are listed by their latest message, the most recent first.",
    severity="low",
    tier="read",
    needs=("list-rooms", "room-order"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("room-order")
    if rule is None or rule.value != "latest-message-first":
        return
    for listing in world.listings:
        if listing.verb != "list-rooms":
            continue
        known = [
            (key, bounds)
            for key in (key_of(world.binding, item) for item in listing.items)
            if (bounds := _latest(world, listing, key))
        ]
        for (above, (_, above_done)), (below, (below_begun, _)) in pairwise(known):
            if above_done < below_begun:
                yield Finding(
                    CHECK.id, f"{CHECK.id}:{listing.verb}", rule.basis, CHECK.severity, rule.clause,
                    f"room {below} before room {above}: its latest message is more recent", "the other way round",
                    (listing.exchange.entry.n,), listing.exchange.entry.case,
                    listing.exchange.operation.id if listing.exchange.operation else "",
                )  # fmt: skip


def _latest(world: World, listing: Listing, room: str) -> tuple[float, float] | None:
    """Between which moments the room's latest message was sent; None when that is not known."""
    known = world.state.rooms.get(room)
    messages = (
        [m for m in world.state.in_room(room) if m.begun <= listing.done]
        if known is not None and known.ours
        else []
    )
    # A deleted message may count or not, and one under way may have come or not: then nobody can tell the order.
    if not messages or any(m.exists.certain(listing.begun, listing.done) is not True for m in messages):
        return None
    return max(m.begun for m in messages), max(m.done for m in messages)
