"""Who may, can: a member's documented request on its own room succeeds."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import is_owed_success, success_basis
from earwitness.world import World, what_it_gave

CHECK = Check(
    id="members-are-served",
    sentence="What the document lets a member do succeeds for that member.",
    severity="high",
    judges=("answers",),
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        if exchange.response is None or exchange.status >= 500 or exchange.status == 429:
            continue
        if not exchange.readings or not is_owed_success(world, exchange):
            continue
        reading = exchange.readings[0]
        if what_it_gave(world.binding, exchange, reading) is not None:
            continue
        operation = exchange.operation
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{operation.id if operation else reading.verb}",
            basis=success_basis(world, exchange),
            severity=CHECK.severity,
            clause=operation.clause if operation else "",
            expected=f"{reading.verb} succeeds for {exchange.member}",
            heard=f"{exchange.status} {exchange.response.body.value!r:.200}",
            evidence=(exchange.entry.n, exchange.response.n),
            case=exchange.entry.case,
            operation=operation.id if operation else "",
        )
