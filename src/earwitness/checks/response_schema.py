"""Every answer fits its documented status, content type and schema."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="response-schema",
    sentence="Every answer has a documented status, and the content type and body documented for it.",
    severity="high",
    tier="read",
    source="OpenAPI 3.1, section 4.8.16 (Responses Object)",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        operation, response = exchange.operation, exchange.response
        if operation is None or response is None or response.status >= 500 or response.body.cut:
            continue
        content_type = next((v for k, v in response.headers.items() if k.lower() == "content-type"), None)
        for violation in operation.check_response(response.status, content_type, exchange.answer()):
            yield Finding(
                check=CHECK.id,
                cause=f"{CHECK.id}:{operation.id}:{response.status}:{violation.schema_pointer}",
                basis=violation.basis,
                severity=CHECK.severity,
                clause=operation.clause,
                expected=f"{operation.id} {response.status}: {violation.expected or violation.message}",
                heard=f"{violation.pointer or 'the answer'}: {violation.heard or violation.message}",
                evidence=(exchange.entry.n, response.n),
                case=exchange.entry.case,
                operation=operation.id,
            )
