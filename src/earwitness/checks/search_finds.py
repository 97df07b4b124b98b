"""A search finds what has the words in it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from earwitness.binding import Seen, key_of
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_names
from earwitness.world import MANY, NEVER, Listing, Register, Room, World

CHECK = Check(
    id="search-finds",
    sentence="A search finds every message, and every room by its name and by who is in it, that has the words in it and may be "
    "shown to the member, and nothing without them.",
    severity="medium",
    tier="read",
    also=("search-messages", "search-rooms", "search-max"),
)

_MESSAGES, _ROOMS = "search-messages", "search-rooms"
# Attributes of members that say nothing of how people are called.
_NO_NAMES = ("id", "organisation")


def find(world: World) -> Iterator[Finding]:
    names = room_names(world)
    for listing in world.listings:
        words = _words(listing)
        if not words.strip():
            continue
        if listing.verb == _MESSAGES:
            yield from _messages(world, listing, words)
        elif listing.verb == _ROOMS:
            yield from _rooms(world, listing, words, names)


def _words(listing: Listing) -> str:
    return next((r.argument("query") for r in listing.exchange.readings if r.verb == listing.verb), "")


def _messages(world: World, listing: Listing, words: str) -> Iterator[Finding]:
    found = {item.text("id") for item in listing.items}
    for item in listing.items:
        if "text" in item.fields and not _has(item.text("text"), words):
            yield _finding(
                listing, "other", f"nothing without {words!r:.60}", f"{item.text('text')!r:.80}", "decided"
            )
    if _is_full(world, listing):
        return
    for message in world.state.messages.values():
        room = world.state.rooms.get(message.room)
        inside = room is not None and room.has(listing.member, message.begun, listing.done)
        there = message.exists.certain(listing.begun, listing.done) is True and not message.learnt
        text = message.text.certain(listing.begun, listing.done)
        if inside and there and text is not None and message.id not in found and _has(text, words):
            wanted = f"message {message.id}, {text!r:.60}, found by {words!r:.60}"
            yield _finding(listing, "message", wanted, f"{len(found)} others", _basis(text, words, listing))


def _rooms(world: World, listing: Listing, words: str, names: dict[str, Register[str]]) -> Iterator[Finding]:
    shown = {key_of(world.binding, item): item for item in listing.items}
    for key, item in shown.items():
        known = world.state.rooms.get(key)
        if (
            known is not None
            and known.ours
            and not any(_has(one, words) for one in _called(world, known, item))
        ):
            yield _finding(listing, "other", f"no room without {words!r:.60}", f"room {key}", "decided")
    for room in world.state.rooms.values():
        if room.id in shown or not listing.may_hold(room.kind) or _since(world, room) > listing.begun:
            continue
        if room.has(listing.member, listing.begun, listing.done) is not True:
            continue
        name = names[room.id].certain(listing.begun, listing.done) if room.id in names else None
        for what in (*([name] if name else []), *_others(world, room, listing)):
            if _has(what, words):
                wanted = f"room {room.id}, which is {what!r:.60}, found by {words!r:.60}"
                yield _finding(listing, "room", wanted, f"{len(shown)} others", _basis(what, words, listing))
                break


def _others(world: World, room: Room, listing: Listing) -> Iterator[str]:
    """What the other members are called who are certainly in the room."""
    for member in room.members:
        if member != listing.member and room.has(member, listing.begun, listing.done):
            yield from _attributes(world, member)


def _called(world: World, room: Room, item: Seen) -> Iterator[str]:
    """Everything that a room may be found by, as it is shown and as it is known."""
    yield item.text("name")
    members = item.get("members")
    for one in members if isinstance(members, tuple) else ():
        if isinstance(one, Seen):
            yield from (str(value) for value in one.fields.values())
    for member in room.members:
        yield from _attributes(world, member)


def _attributes(world: World, member: str) -> Iterator[str]:
    for name, value in world.line.members.get(member, {}).items():
        if name not in _NO_NAMES and isinstance(value, str) and value:
            yield value


def _since(world: World, room: Room) -> float:
    """When the room was certainly there."""
    return min((world.line.exchanges[one].done for one in room.started_by), default=NEVER)


def _has(text: str, words: str) -> bool:
    return words.strip().casefold() in text.casefold()


def _is_full(world: World, listing: Listing) -> bool:
    """Whether a search may have left out what it has no more place for."""
    rule = world.binding.rule("search-max")
    most = rule.value if rule is not None and isinstance(rule.value, int) else None
    return most is not None and len(listing.items) >= most


def _basis(text: str, words: str, listing: Listing) -> str:
    """What it rests on that ``words`` find ``text``. That parts of words do, in whatever case, is said by no document; nor that a
    search has no end."""
    whole = re.search(rf"(?<!\w){re.escape(words.strip())}(?!\w)", text) is not None
    return "stated" if whole and len(listing.items) < MANY else "decided"


def _finding(listing: Listing, subject: str, expected: str, heard: str, basis: str) -> Finding:
    operation = listing.exchange.operation
    return Finding(
        CHECK.id, f"{CHECK.id}:{listing.verb}:{subject}", basis, CHECK.severity, operation.clause if operation else "", expected,
        heard, (listing.exchange.entry.n,), listing.exchange.entry.case, operation.id if operation else "",
    )  # fmt: skip
