"""Whoever sent a message is its author, everywhere it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import finding, known_messages
from earwitness.world import World

CHECK = Check(
    id="author-is-caller",
    sentence="A message's author is the member who sent it, whatever the request says.",
    severity="critical",
    needs=("message.author",),
    also=("send-text", "send-file", "reply", "list-messages", "message-created"),
    cwe=("CWE-915",),
    owasp=("API3:2023",),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        author = sighting.seen.get("author")
        expected = world.line.id_of(message.author)
        if author is None or not expected or author == expected:
            continue
        yield finding(
            CHECK,
            sighting,
            message,
            "",
            "",
            f"the author {expected} ({message.author})",
            f"the author {author}",
        )
