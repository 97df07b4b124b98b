"""What is searched, or listed across rooms, is what the member's own rooms hold."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.pages import walks
from earwitness.world import Listing, Message, World

CHECK = Check(
    id="messages-across-rooms",
    sentence="A search, or a list of all messages, holds messages of the member's own rooms alone; the list holds all of them, "
    "and a search no more than documented.",
    severity="critical",
    tier="read",
    also=("search-messages", "list-all-messages", "search-max"),
    cwe=("CWE-862",),
    owasp=("API1:2023",),
    narrowed={"foreign": ("CWE-862", "API1:2023")},
)

_ALL, _SEARCH = "list-all-messages", "search-messages"


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("search-max")
    for listing in world.listings:
        if listing.verb not in (_ALL, _SEARCH):
            continue
        for message in _messages(world, listing):
            if _is_anothers(world, listing, message):
                wanted = f"nothing of room {message.room} for {listing.member}, who is not in it"
                # What anybody may look into, a search may look into as well: that it does not is our reading.
                basis = "decided" if world.is_open(world.state.rooms[message.room]) else "stated"
                yield _finding(
                    listing, "foreign", wanted, f"message {message.id}, {message.nonce!r:.60}", basis
                )
        number = len(listing.items)
        if (
            listing.verb == _SEARCH
            and rule is not None
            and isinstance(rule.value, int)
            and number > rule.value
        ):
            wanted = f"{rule.value} messages at the most"
            yield _finding(listing, "most", wanted, f"{number}", rule.basis, rule.clause)
    for walk in walks(world, _ALL):
        ids = {item.text("id") for item in walk.items}
        for message in world.state.messages.values():
            room = world.state.rooms.get(message.room)
            there = message.exists.certain(walk.begun, walk.done) is True and not message.learnt
            # Who came later may not see what was said before.
            inside = room is not None and room.has(walk.member, message.begun, walk.done)
            if there and inside and message.id not in ids:
                wanted = f"message {message.id} ({message.nonce!r:.60}) listed for {walk.member}"
                yield _finding(walk.pages[0], "missing", wanted, f"{len(ids)} others", "stated")


def _messages(world: World, listing: Listing) -> Iterator[Message]:
    for item in listing.items:
        message = world.state.messages.get(item.text("id"))
        if message is not None:
            yield message


def _is_anothers(world: World, listing: Listing, message: Message) -> bool:
    """Whether the message is of a room that the member was certainly not in when it was listed."""
    room = world.state.rooms.get(message.room)
    return room is not None and room.has(listing.member, listing.begun, listing.done) is False


def _finding(
    listing: Listing, subject: str, expected: str, heard: str, basis: str, clause: str = ""
) -> Finding:
    operation = listing.exchange.operation
    return Finding(
        CHECK.id, f"{CHECK.id}:{listing.verb}:{subject}", basis, CHECK.severity, clause or (operation.clause if operation else ""),
        expected, heard, (listing.exchange.entry.n,), listing.exchange.entry.case, operation.id if operation else "",
    )  # fmt: skip
