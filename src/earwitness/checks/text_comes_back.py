"""What was written is what is read: unchanged, everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages, possible
from earwitness.world import World

CHECK = Check(
    id="text-comes-back",
    sentence="A message shows the text that was last written, in answers, lists and events, character for character.",
    severity="high",
    cwe=("CWE-116",),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        text = sighting.seen.get("text")
        if text is None or allowed(message.text, sighting, text):
            continue
        values = possible(message.text, sighting)
        # That nothing is trimmed is said by no document.
        basis = (
            "decided" if isinstance(text, str) and text in [value.strip() for value in values] else "stated"
        )
        wanted = f"the text {' or '.join(repr(v) for v in values):.200}"
        yield finding(CHECK, sighting, message, "", "", wanted, f"{text!r:.200}", basis)
