"""Who may not is refused, with the status that the spec names."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import STRANGERS, expected_refusals, may_be_invalid, refusal_basis
from earwitness.checks.weaknesses import TRESPASSES
from earwitness.history import Request
from earwitness.world import World

CHECK = Check(
    id="refusal",
    sentence="Anonymous callers, outsiders and members without the standing are refused with the status the spec names.",
    severity="critical",
    judges=("refusals",),
    cwe=("CWE-306", "CWE-287", "CWE-347", "CWE-613", "CWE-639", "CWE-862"),
    owasp=("API1:2023", "API2:2023", "API5:2023"),
    narrowed=TRESPASSES,
    source="OWASP API Security Top 10:2023",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        refusals = expected_refusals(world, exchange)
        allowed = {refusal.status for refusal in refusals} | {429}
        if not refusals or exchange.response is None or exchange.status in allowed:
            continue
        if may_be_invalid(exchange, refusals):
            continue
        refusal = refusals[0]
        if exchange.status >= 500:
            continue  # `server-error` tells of it
        assert exchange.operation is not None and isinstance(exchange.entry, Request)
        # Who has no valid token is refused like the anonymous where the spec says no more; what it is to let them in differs.
        asks = exchange.entry.role if exchange.entry.role in STRANGERS else refusal.relation
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{exchange.operation.id}:{asks}",
            basis=refusal_basis(exchange, refusal),
            severity=CHECK.severity,
            clause=refusal.clause or exchange.operation.clause,
            expected=f"{exchange.operation.id} refuses {asks} with {refusal.status}",
            heard=f"{exchange.status} for {exchange.member or 'nobody'}",
            evidence=(exchange.entry.n, exchange.response.n),
            case=exchange.entry.case,
            operation=exchange.operation.id,
            # To be refused in other words lets nobody in.
            weak=exchange.succeeded,
        )
