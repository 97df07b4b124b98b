"""What Schemathesis finds with the requests it generates."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange, World, what_it_gave

CHECK = Check(
    id="generated-requests",
    sentence="No request generated from the OpenAPI document, fitting or not, is treated other than the document says.",
    severity="medium",
    judges=("answers",),
    source="Schemathesis, its check named in the finding",
)

# The engine's word for a request that fits and was refused.
_TURNED_AWAY = "positive_data_acceptance"


def find(world: World) -> Iterator[Finding]:
    for report in world.line.reported:
        operation = world.spec.operations.get(report.operation)
        exchange = world.line.exchanges.get(report.exchange)
        if exchange is not None and report.code == _TURNED_AWAY and _is_served(world, exchange):
            continue
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{report.operation}:{report.code}",
            basis=report.basis,
            severity=CHECK.severity,
            clause=operation.clause if operation else "",
            expected=report.title,
            heard=report.message[:300],
            evidence=(exchange.entry.n,) if exchange else (report.n,),
            case=report.case,
            operation=report.operation,
        )


def _is_served(world: World, exchange: Exchange) -> bool:
    """Whether an answer outside of 2xx gave what was asked for all the same, like the room that there was already."""
    return any(what_it_gave(world.binding, exchange, reading) is not None for reading in exchange.readings)
