"""An edited message says so, and one that was never edited does not."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages
from earwitness.world import World

CHECK = Check(
    id="edited-is-flagged",
    sentence="A message is flagged as edited from its first edit on, and not before.",
    severity="medium",
    needs=("edit-message",),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        edited = sighting.seen.get("edited")
        if not isinstance(edited, bool) or allowed(message.edited, sighting, edited):
            continue
        wanted = "flagged as edited" if not edited else "not flagged as edited"
        yield finding(CHECK, sighting, message, "", "", f"message {message.id} {wanted}", f"edited {edited}")
