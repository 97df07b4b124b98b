"""Who may not is refused, with the status that the spec names."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import expected_refusals, may_be_invalid, refusal_basis
from earwitness.world import World

CHECK = Check(
    id="refusal",
    sentence="Anonymous callers, outsiders and members without the standing are refused with the status the spec names.",
    severity="critical",
    cwe=("CWE-862", "CWE-639"),
    owasp=("API1:2023", "API2:2023", "API5:2023"),
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
        assert exchange.operation is not None
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{exchange.operation.id}:{refusal.relation}",
            basis=refusal_basis(exchange, refusal),
            severity=CHECK.severity if exchange.succeeded else "medium",
            clause=refusal.clause or exchange.operation.clause,
            expected=f"{exchange.operation.id} refuses {refusal.relation} with {refusal.status}",
            heard=f"{exchange.status} for {exchange.member or 'nobody'}",
            evidence=(exchange.entry.n, exchange.response.n),
            case=exchange.entry.case,
            operation=exchange.operation.id,
        )
