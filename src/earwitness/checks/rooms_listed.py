"""A member's list of rooms holds the rooms that the member is in, and no other."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import by_peer, key_of
from earwitness.checks.model import Check, Finding
from earwitness.world import MANY, Listing, Room, World

CHECK = Check(
    id="rooms-listed",
    sentence="A list of rooms holds every room that the member is in, and neither it nor a search one that the member is not in; but "
    "a search may find those that anybody may enter.",
    severity="critical",
    tier="read",
    needs=("list-rooms",),
    also=("search-rooms", "leave", "delete-room"),
    cwe=("CWE-862",),
    owasp=("API1:2023",),
    narrowed={"foreign": ("CWE-862", "API1:2023")},
)


def find(world: World) -> Iterator[Finding]:
    for listing in world.listings:
        if listing.verb in ("list-rooms", "search-rooms"):
            yield from _judge(world, listing)


def _judge(world: World, listing: Listing) -> Iterator[Finding]:
    shown = {key_of(world.binding, item) for item in listing.items}
    operation = listing.exchange.operation
    for room in world.state.rooms.values():
        if listing.member not in room.members and room.id not in shown:
            continue  # whether the member is in it or not, the list has to say nothing of it
        inside = room.has(listing.member, listing.begun, listing.done)
        whole = listing.verb == "list-rooms" and listing.whole
        offered = listing.verb == "search-rooms" and world.is_open(room)
        if inside and whole and room.id not in shown and listing.may_hold(room.kind):
            basis = _since(world, listing, room)
            subject, expected = "missing", f"room {room.id} in {listing.member}'s list"
        elif inside is False and room.id in shown and not offered:
            # A room that anybody may look into may be offered to anybody as well: no document says that it must not.
            basis = "decided" if world.is_open(room) else "stated"
            subject, expected = "foreign", f"room {room.id} in no list of {listing.member}'s"
        else:
            continue
        if basis:
            yield Finding(
                CHECK.id, f"{CHECK.id}:{subject}", basis, CHECK.severity, operation.clause if operation else "",
                expected, f"rooms {sorted(shown)}"[:200], (listing.exchange.entry.n,), listing.exchange.entry.case,
                operation.id if operation else "",
            )  # fmt: skip


def _since(world: World, listing: Listing, room: Room) -> str:
    """What it rests on that ``room`` is in the list; "" when it may not be there yet."""
    first = room.started_by[:1]
    if first and world.line.exchanges[first[0]].done < listing.begun:
        # How one enters an open room, and that one stays there, is our reading.
        if world.has_walked_in(room, listing.member, listing.begun, listing.done):
            return "decided"
        # No document says that a list has no end: where it holds many others, it may hold the latest only.
        return "decided" if len(listing.items) >= MANY else "stated"
    said = any(m.exists.certain(listing.begun, listing.done) for m in world.state.in_room(room.id) if m.id)
    # A room that needs no starting is there once something was said in it: that is our reading.
    return "decided" if said and not room.started_by and by_peer(world.binding) else ""
