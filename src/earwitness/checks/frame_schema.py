"""Every frame that a socket hears is a message of its channel, and fits that message's schema."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="frame-schema",
    sentence="Every frame heard is text, holds JSON, is one of its channel's messages and fits that message's schema.",
    severity="high",
    tier="read",
    judges=("frames",),
    source="AsyncAPI 3.0, Message Object",
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        channel = world.spec.channels.get(heard.socket.entry.channel)
        if channel is None:
            continue
        body = heard.entry.payload
        if not body.is_json:
            yield _finding(
                heard.entry.n,
                heard.entry.case,
                channel.clause,
                "not-json",
                "a JSON text",
                f"{body.form}: {body.value!r:.200}",
            )
            continue
        name = heard.frame.name if heard.frame else "unknown"
        clause = heard.frame.clause if heard.frame else channel.clause
        for violation in channel.check_frame(body.value):
            expected = f"{name}: {violation.expected or violation.message}"
            said = f"{violation.pointer or 'the frame'}: {violation.heard or violation.message}"
            cause = f"{name}:{violation.schema_pointer}"
            # That a socket carries nothing but the documented messages is said by no document.
            basis = violation.basis if heard.frame else "decided"
            yield _finding(heard.entry.n, heard.entry.case, clause, cause, expected, said, basis)


def _finding(
    n: int, case: str, clause: str, cause: str, expected: str, heard: str, basis: str = "stated"
) -> Finding:
    return Finding(
        CHECK.id, f"{CHECK.id}:{cause}", basis, CHECK.severity, clause, expected, heard, (n,), case
    )
