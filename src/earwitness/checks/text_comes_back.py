"""What was written is what is read: unchanged, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages
from earwitness.world import Register, World

CHECK = Check(
    id="text-comes-back",
    sentence="A message shows the text that was last written, in answers, lists and events, character for character.",
    severity="high",
    cwe=("CWE-116",),
)


def find(world: World) -> Iterator[Finding]:
    for sighting, message in known_messages(world):
        text = sighting.seen.get("text")
        if text is None or allowed(cast(Register[object], message.text), sighting, text):
            continue
        values = message.text.possible(sighting.begun, sighting.done)
        yield finding(CHECK, sighting, message, "", "", f"the text {' or '.join(repr(v) for v in values):.200}", f"{text!r:.200}")
