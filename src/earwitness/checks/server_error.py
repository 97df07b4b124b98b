"""No request makes the server fail."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="server-error",
    sentence="No request, fitting or not, is answered with a status of 500 or above.",
    severity="high",
    tier="read",
    cwe=("CWE-248",),
    owasp=("API8:2023",),
    source="RFC 9110, section 15.6",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        if exchange.response is None or exchange.status < 500:
            continue
        operation = exchange.operation.id if exchange.operation else ""
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{operation}:{exchange.status}",
            basis="stated",
            severity=CHECK.severity,
            clause=exchange.operation.clause if exchange.operation else "",
            expected="an answer below 500",
            heard=f"{exchange.status} {exchange.response.body.value!r:.200}",
            evidence=(exchange.entry.n, exchange.response.n),
            case=exchange.entry.case,
            operation=operation,
        )
