"""Unread counts add up: one more for each message of another member, none after the room was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.checks.model import Check, Finding
from earwitness.world import NEVER, Listing, World, effective

CHECK = Check(
    id="unread-count",
    sentence="A room's unread count grows by one with each message of another member and falls to zero when the room is read.",
    severity="medium",
    needs=("list-rooms",),
)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A moment at which a member's unread count was known."""

    begun: float
    done: float
    count: int


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("unread")
    if rule is None:
        return
    for listing in world.listings:
        for room in listing.items:
            unread = room.get("unread")
            if room.view != "room" or not isinstance(unread, int) or isinstance(unread, bool):
                continue
            bounds = _bounds(world, listing, room.text("id"))
            if bounds is None or bounds[0] <= unread <= bounds[1]:
                continue
            low, high = bounds
            yield Finding(
                CHECK.id, f"{CHECK.id}:{listing.verb}", rule.basis, CHECK.severity, rule.clause,
                f"{low if low == high else f'{low} to {high}'} unread in room {room.text('id')} for {listing.member}",
                f"{unread}", (listing.exchange.entry.n,), listing.exchange.entry.case,
                listing.exchange.operation.id if listing.exchange.operation else "",
            )  # fmt: skip


def _bounds(world: World, listing: Listing, room: str) -> tuple[int, int] | None:
    """The least and the most that the count may be; None when nothing is known to count from."""
    anchors = [anchor for anchor in _anchors(world, listing, room) if anchor.done < listing.begun]
    if not anchors:
        return None
    anchor = max(anchors, key=lambda a: a.begun)
    low = high = anchor.count
    for message in world.state.in_room(room):
        if message.author == listing.member or message.begun > listing.done:
            continue
        after = message.begun > anchor.done
        if message.done <= anchor.begun:
            # It was counted already; deleting it may take it out of the count again, and so may reading it alone.
            low -= int(message.exists.certain(anchor.begun, anchor.done) is not message.exists.certain(listing.begun, listing.done))
            low -= int(message.read(listing.member).certain(anchor.begun, listing.done) is None)
            continue
        high += 1
        there = message.exists.certain(listing.begun, listing.done) is True
        read = message.read(listing.member).certain(listing.begun, listing.done)
        low += int(after and message.done < listing.begun and there and read is False)
    if _may_have_read(world, listing, room, anchor.begun):
        low = 0
    return max(low, 0), high


def _anchors(world: World, listing: Listing, room: str) -> Iterator[_Anchor]:
    known = world.state.rooms.get(room)
    if known is not None and known.fresh_since != NEVER:
        yield _Anchor(known.fresh_since - 1, known.fresh_since - 1, 0)
    for exchange in world.line.exchanges.values():
        reading = effective(exchange)
        if (
            reading is not None
            and reading.verb == "mark-room-read"
            and exchange.member == listing.member
            and reading.argument("room") == room
            and exchange.succeeded
        ):
            yield _Anchor(exchange.begun, exchange.done, 0)
    for other in world.listings:
        if other.member == listing.member and other is not listing:
            for shown in other.items:
                unread = shown.get("unread")
                if shown.text("id") == room and isinstance(unread, int):
                    yield _Anchor(other.begun, other.done, unread)


def _may_have_read(world: World, listing: Listing, room: str, since: float) -> bool:
    """Whether the member did something since that some servers take for reading: no document says either way."""
    for exchange in world.line.exchanges.values():
        if exchange.member != listing.member or not since <= exchange.begun <= listing.done:
            continue
        for reading in exchange.readings:
            if reading.verb in ("send-text", "send-file", "reply") and reading.argument("room") == room:
                return True
    return False
