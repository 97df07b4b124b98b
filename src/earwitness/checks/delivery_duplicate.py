"""What happened once is heard once."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import PRESENCE, Due, World

CHECK = Check(
    id="delivery-duplicate",
    sentence="No socket hears the same event twice.",
    severity="medium",
    judges=("audiences",),
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        due = heard.due
        if heard.match != "again" or due is None:
            continue
        first = due.heard[heard.socket.id][0]
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{due.event}:{due.verb}/{due.exchange.form}",
            basis=_basis(due),
            severity=CHECK.severity,
            clause=due.clause,
            expected=f"{heard.socket.member} hears {due.name} once",
            heard=f"{len(due.heard[heard.socket.id])} times on one socket",
            evidence=(due.exchange.entry.n, first.entry.n, heard.entry.n),
            case=heard.entry.case,
        )


def _basis(due: Due) -> str:
    if due.event == "message-created":
        return "stated"
    # How often it is told that somebody is there is said by no document.
    return "decided" if due.event in PRESENCE else due.basis
