"""Unread counts add up: one more for each message of another member, none after the room was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.checks.model import Check, Finding
from earwitness.world import NEVER, Listing, World, effective, weakest

CHECK = Check(
    id="unread-count",
    sentence="A room's unread count grows by one with each message of another member and falls to zero when the room is read.",
    severity="medium",
    needs=("list-rooms",),
)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A moment at which a member's unread count was known; ``cause`` names the exchange that tells it."""

    begun: float
    done: float
    count: int
    cause: str = ""


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("unread")
    if rule is None:
        return
    for listing in world.listings:
        for room in listing.items:
            unread = room.get("unread")
            if room.view != "room" or not isinstance(unread, int) or isinstance(unread, bool):
                continue
            known = world.state.rooms.get(room.text("id"))
            anchor = _anchor(world, listing, room.text("id")) if known is not None and known.ours else None
            if anchor is None:
                continue
            low, high = _bounds(world, listing, room.text("id"), anchor)
            if low <= unread <= high:
                continue
            # That looking at a room's messages does not mark them as read is said by no document.
            looked = unread <= high and _did(
                world, listing, room.text("id"), anchor, ("list-messages", "read-room")
            )
            basis = weakest(rule.basis, "decided") if looked else rule.basis
            yield Finding(
                CHECK.id, f"{CHECK.id}:{listing.verb}", basis, CHECK.severity, rule.clause,
                f"{low if low == high else f'{low} to {high}'} unread in room {room.text('id')} for {listing.member}",
                f"{unread}", (listing.exchange.entry.n,), listing.exchange.entry.case,
                listing.exchange.operation.id if listing.exchange.operation else "",
            )  # fmt: skip


def _anchor(world: World, listing: Listing, room: str) -> _Anchor | None:
    """What to count from: the last moment before at which the count was known, if there is one."""
    anchors = (anchor for anchor in _anchors(world, listing, room) if anchor.done < listing.begun)
    return max(anchors, key=lambda anchor: anchor.begun, default=None)


def _bounds(world: World, listing: Listing, room: str, anchor: _Anchor) -> tuple[int, int]:
    """The least and the most that the count may be."""
    low = high = anchor.count
    for message in world.state.in_room(room):
        if message.author == listing.member or message.begun > listing.done:
            continue
        after = message.begun > anchor.done
        if message.done <= anchor.begun:
            # It was counted already; deleting it may take it out of the count again, and so may reading it alone.
            low -= int(
                message.exists.certain(anchor.begun, anchor.done)
                is not message.exists.certain(listing.begun, listing.done)
            )
            low -= int(message.read(listing.member).certain(anchor.begun, listing.done) is None)
            continue
        high += 1
        there = message.exists.certain(listing.begun, listing.done) is True
        read = message.read(listing.member).certain(listing.begun, listing.done)
        low += int(after and message.done < listing.begun and there and read is False)
    # Marking that is under way may be done or not; and some servers take answering for reading: no document says either way.
    if _did(world, listing, room, anchor, ("mark-room-read", "send-text", "send-file", "reply")):
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
            and exchange.as_member
        ):
            yield _Anchor(exchange.begun, exchange.done, 0, exchange.id)
    for other in world.listings:
        if other.member == listing.member and other is not listing:
            for shown in other.items:
                unread = shown.get("unread")
                if shown.text("id") == room and isinstance(unread, int):
                    yield _Anchor(other.begun, other.done, unread, other.exchange.id)


def _did(world: World, listing: Listing, room: str, anchor: _Anchor, verbs: tuple[str, ...]) -> bool:
    """Whether the member did, or may have done, one of ``verbs`` in the room between the anchor and the listing."""
    for exchange in world.line.exchanges.values():
        if exchange.member != listing.member or exchange.id == anchor.cause or not exchange.as_member:
            continue
        if (
            exchange.begun > listing.done
            or exchange.done < anchor.begun
            or not (exchange.succeeded or exchange.uncertain)
        ):
            continue
        if any(reading.verb in verbs and reading.argument("room") == room for reading in exchange.readings):
            return True
    return False
