"""Every answer has the headers that are documented for it."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.exchanges import finding_in
from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="response-headers",
    sentence="Every answer has the headers that its operation documents as required, and each header is as documented.",
    severity="low",
    tier="read",
    judges=("answers",),
    source="OpenAPI 3.1, section 4.8.21 (Header Object); RFC 9110, section 15.5.2",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        documented = (
            exchange.operation.response(exchange.status) if exchange.operation and exchange.response else None
        )
        for header in documented.headers if documented else ():
            sent = exchange.response.headers if exchange.response else {}
            for wrong in header.check(sent):
                subject = f"{exchange.status}:{header.name.lower()}"
                yield finding_in(CHECK, exchange, subject, wrong.expected, wrong.message, wrong.basis)
