"""What was written is what is read: unchanged, everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages, possible
from earwitness.world import Message, World

CHECK = Check(
    id="text-comes-back",
    sentence="A message shows the text that was last written, in answers, lists and events, character for character, and which "
    "message it answers.",
    severity="high",
    needs=("message.text",),
    also=(
        "send-text",
        "reply",
        "start-direct",
        "edit-message",
        "list-messages",
        "message-created",
        "message-edited",
    ),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        answers = sighting.seen.get("reply_to")
        if "reply_to" in sighting.seen.fields and not _answers(world, message, answers):
            wanted = f"an answer to {message.reply_to}" if message.reply_to else "an answer to nothing"
            yield finding(CHECK, sighting, message, "", "reply_to", wanted, f"reply_to {answers}")
        text = sighting.seen.get("text")
        if text is None or allowed(message.text, sighting, text):
            continue
        values = possible(message.text, sighting)
        if any(_has_half_a_pair(value) for value in values):
            continue
        # That nothing is trimmed is said by no document.
        basis = (
            "decided" if isinstance(text, str) and text in [value.strip() for value in values] else "stated"
        )
        wanted = f"the text {' or '.join(repr(v) for v in values):.200}"
        yield finding(CHECK, sighting, message, "", "", wanted, f"{text!r:.200}", basis)


def _has_half_a_pair(text: str) -> bool:
    """Whether ``text`` has half of a surrogate pair in it: JSON can carry one, and what becomes of it nobody can predict (RFC 8259 8.2)."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _answers(world: World, message: Message, shown: object) -> bool:
    """Whether ``message`` may be shown to answer ``shown``. What a server makes of an answer to something that is not there, or not
    in the same room, is said by no document."""
    if not message.reply_to:
        return shown is None
    meant = world.state.messages.get(message.reply_to)
    return meant is None or meant.room != message.room or shown == message.reply_to
