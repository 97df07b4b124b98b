"""An event tells what happened: who did it, to which message, with which outcome."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="event-content",
    sentence="An event names the member, the emoji and the outcome of what was done, where it names them at all.",
    severity="high",
    judges=("frames",),
)

# Text and author of a message are judged wherever a message is shown: `text-comes-back`, `author-is-caller`.
_JUDGED = ("member", "emoji", "in_force", "typing")


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        if heard.match != "due" or heard.due is None:
            continue
        for name in _JUDGED:
            expected, said = heard.due.shows.get(name), heard.shows.get(name)
            if expected is None or said is None or expected == said:
                continue
            yield Finding(
                check=CHECK.id,
                cause=f"{CHECK.id}:{heard.event}:{name}",
                basis=heard.due.basis,
                severity=CHECK.severity,
                clause=heard.due.clause,
                expected=f"{heard.event} with {name} {expected}",
                heard=f"{name} {said}",
                evidence=(heard.due.exchange.entry.n, heard.entry.n),
                case=heard.entry.case,
            )
