"""Who has read a message is shown with it."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.model import Check, Finding
from earwitness.checks.reading import has_looked, told_by_frames_alone
from earwitness.checks.sights import allowed, finding, known_messages
from earwitness.world import Message, Sighting, World

CHECK = Check(
    id="readers-are-shown",
    sentence="A message shows as its readers those who have marked it as read, each of them once, and nobody else.",
    severity="medium",
    needs=("message.read_by",),
    also=("list-messages", "mark-message-read", "mark-room-read", "receipts"),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        shown = sighting.seen.get("read_by")
        if not isinstance(shown, tuple):
            continue
        readers = [one.text("id") for one in shown if isinstance(one, Seen) and one.text("id")]
        for subject, expected, basis in _wrong(world, sighting, message, readers):
            yield finding(CHECK, sighting, message, "", subject, expected, f"readers {readers}"[:200], basis)


def _wrong(
    world: World, sighting: Sighting, message: Message, readers: list[str]
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with ``readers``, what was expected, and what that rests on."""
    twice = sorted({one for one in readers if readers.count(one) > 1})
    if twice:
        yield "twice", f"each reader of message {message.id} once", "stated"
    # Nobody else has read it, and nobody else is shown to have.
    named = (world.line.member_with_id(reader) for reader in readers)
    for member in dict.fromkeys((*message.read_by, *(one for one in named if one))):
        there = world.line.id_of(member) in readers
        if allowed(message.read(member), sighting, there):
            continue
        if there:
            # That nothing but marking marks, and that who has written has not read, is said by no document.
            ours = member == message.author or has_looked(world, message, member, sighting.done)
            yield (
                "never read",
                f"{member}, who has not read message {message.id}, not among its readers",
                "decided" if ours else "stated",
            )
        elif member != message.author:
            alone = told_by_frames_alone(world, message, member, sighting.begun, sighting.done)
            yield (
                "missing",
                f"{member} among the readers of message {message.id}",
                "decided" if alone else "stated",
            )
