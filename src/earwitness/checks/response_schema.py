"""Every answer fits its documented status, content type and schema."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import expected_refusal, refusal_basis
from earwitness.spec import Operation, Violation
from earwitness.world import Exchange, World

CHECK = Check(
    id="response-schema",
    sentence="Every answer has a documented status, and the content type and body documented for it.",
    severity="high",
    tier="read",
    judges=("answers",),
    source="OpenAPI 3.1, section 4.8.16 (Responses Object)",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        operation, response = exchange.operation, exchange.response
        if (
            operation is None
            or response is None
            or response.status >= 500
            or response.status == 429
            or response.body.cut
        ):
            continue
        content_type = next((v for k, v in response.headers.items() if k.lower() == "content-type"), None)
        for violation in operation.check_response(response.status, content_type, exchange.answer()):
            yield Finding(
                check=CHECK.id,
                cause=f"{CHECK.id}:{operation.id}:{response.status}:{violation.schema_pointer}",
                basis=_basis(world, exchange, operation, violation),
                severity=CHECK.severity,
                clause=operation.clause,
                expected=f"{operation.id} {response.status}: {violation.expected or violation.message}",
                heard=f"{violation.pointer or 'the answer'}: {violation.heard or violation.message}",
                evidence=(exchange.entry.n, response.n),
                case=exchange.entry.case,
                operation=operation.id,
            )


def _basis(world: World, exchange: Exchange, operation: Operation, violation: Violation) -> str:
    if violation.schema_pointer != "/responses" or not 400 <= exchange.status < 500:
        return violation.basis
    # That a refusal has another status breaks what was promised of that refusal, not of others.
    refusal = expected_refusal(world, exchange) or operation.refusals.get("invalid")
    return refusal_basis(exchange, refusal) if refusal else violation.basis
