"""Doubts what an answer said of a room: that it is new, on a deployment whose rooms may have a past that the run has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from earwitness.binding import Binding, by_peer, key_of
from earwitness.world.register import NEVER
from earwitness.world.room import Room
from earwitness.world.sightings import Listing
from earwitness.world.state import State
from earwitness.world.timeline import Timeline, plain_name

# A list of rooms that holds so many may hold the latest only.
MANY = 10


def doubt(state: State, line: Timeline, binding: Binding, listed: Sequence[Listing]) -> None:
    """Call no room fresh that may be older than the run says: of somebody else's deployment, a pair that had no time to show its
    room before, and any room that shows messages nobody of the run has sent. Rooms that anybody may enter are not ours alone there."""
    if not line.run.foreign:
        return
    minted = any(member != plain_name(member) for member in line.members)
    for room in state.rooms.values():
        room.crowded = room.kind in binding.rooms and binding.rooms[room.kind].open
        if room.fresh_since == NEVER:
            continue
        pair = room.kind in binding.rooms and binding.rooms[room.kind].pair
        unproved = pair and not by_peer(binding) and not minted and not _was_missing(room, binding, listed)
        if unproved or _shows_a_past(room, state, listed):
            room.fresh_since = NEVER


def _was_missing(room: Room, binding: Binding, listed: Iterable[Listing]) -> bool:
    """Whether one of the two had all rooms listed before this one was started, and it was not among them."""
    return any(
        listing.verb == "list-rooms"
        and listing.whole
        and listing.may_hold(room.kind)
        and listing.member in room.members
        and listing.done < room.fresh_since
        and len(listing.items) < MANY
        and room.id not in {key_of(binding, item) for item in listing.items}
        for listing in listed
    )


def _shows_a_past(room: Room, state: State, listed: Iterable[Listing]) -> bool:
    """Whether a list of the room's messages holds one that the run has not sent, by its id and by its text."""
    sent = {write.value.strip() for message in state.in_room(room.id) for write in message.text.writes}
    return any(
        item.view == "message"
        and item.text("id")
        and item.text("id") not in state.messages
        and item.text("id") not in state.prepared
        and item.text("text").strip() not in sent
        for listing in listed
        if listing.room == room.id
        for item in listing.items
    )
