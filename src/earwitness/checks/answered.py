"""Every request is answered: a connection is not cut, stalled or filled with something that is no HTTP."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.exchanges import finding_in
from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="answered",
    sentence="Every request on an open connection is answered, in time and in HTTP.",
    severity="high",
    tier="read",
    judges=("answers",),
    source="RFC 9110, section 3.4",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        # A refused connection is no answer to anything: the deployment could not be tested, which is not a finding. Nor is it
        # one when it was us who did not wait for the answer, or took it away.
        if (
            exchange.no_answer is None
            or exchange.struck is not None
            or exchange.no_answer.reason in ("refused", "given-up")
        ):
            continue
        heard = f"{exchange.no_answer.reason}: {exchange.no_answer.detail}"[:300]
        yield finding_in(CHECK, exchange, exchange.no_answer.reason, "an answer", heard)
