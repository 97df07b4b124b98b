"""An edited message says so, and one that was never edited does not."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages
from earwitness.world import World

CHECK = Check(
    id="edited-is-flagged",
    sentence="A message is flagged as edited from its first edit on, and not before; the time of an edit is there just then, too.",
    severity="medium",
    needs=("edit-message", "message.edited"),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        edited = sighting.seen.get("edited")
        if isinstance(edited, bool) and not allowed(message.edited, sighting, edited):
            wanted = "flagged as edited" if not edited else "not flagged as edited"
            yield finding(
                CHECK, sighting, message, "", "", f"message {message.id} {wanted}", f"edited {edited}"
            )
        if "edited_at" not in sighting.seen.fields or "edit-message" not in world.binding.verbs:
            continue
        since = sighting.seen.get("edited_at")
        # Some call the time of sending that of the last change, too.
        if since != sighting.seen.get("sent_at") and not allowed(message.edited, sighting, since is not None):
            wanted = "the time of an edit" if since is None else "no time of an edit"
            yield finding(
                CHECK,
                sighting,
                message,
                "",
                "time",
                f"message {message.id} with {wanted}",
                f"edited_at {since!r:.60}",
            )
