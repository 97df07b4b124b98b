"""A member's list of rooms holds the rooms that the member is in, and no other."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Listing, World

CHECK = Check(
    id="rooms-listed",
    sentence="A list of rooms holds every room that the member is in, and none that the member is not in.",
    severity="critical",
    tier="read",
    needs=("list-rooms",),
    cwe=("CWE-639",),
    owasp=("API1:2023",),
)


def find(world: World) -> Iterator[Finding]:
    for listing in world.listings:
        if listing.verb == "list-rooms":
            yield from _judge(world, listing)


def _judge(world: World, listing: Listing) -> Iterator[Finding]:
    shown = {item.text("id") for item in listing.items}
    operation = listing.exchange.operation
    whole = listing.followed is False and listing.page == 1
    for room in world.state.rooms.values():
        if listing.member not in room.members and room.id not in shown:
            continue  # whether the member is in it or not, the list has to say nothing of it
        inside = room.has(listing.member, listing.begun, listing.done)
        started = room.started_by and all(
            world.line.exchanges[cause].done < listing.begun for cause in room.started_by[:1]
        )
        if inside and started and whole and room.id not in shown:
            subject, expected, heard = (
                "missing",
                f"room {room.id} in {listing.member}'s list",
                f"rooms {sorted(shown)}",
            )
        elif inside is False and room.id in shown:
            subject, expected, heard = (
                "foreign",
                f"room {room.id} in no list of {listing.member}'s",
                f"rooms {sorted(shown)}",
            )
        else:
            continue
        yield Finding(
            CHECK.id, f"{CHECK.id}:{subject}", "stated", CHECK.severity, operation.clause if operation else "",
            expected, f"{heard:.200}", (listing.exchange.entry.n,), listing.exchange.entry.case,
            operation.id if operation else "",
        )  # fmt: skip
