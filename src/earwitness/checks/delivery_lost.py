"""What is due is heard: on every socket of everybody who must hear it."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="delivery-lost",
    sentence="Every event is heard on every open socket of everybody who must hear it, before the deadline.",
    severity="high",
    judges=("audiences",),
)


def find(world: World) -> Iterator[Finding]:
    deadline_ms = world.line.run.deadline_ms
    for due in world.delivery.dues:
        since = due.exchange.since
        missing = (
            due.missing if due.standing == "certain" and over(world, since, due.exchange.entry.case) else ()
        )
        late = [
            s
            for s in due.must
            if s in due.heard and due.heard[s][0].entry.t > since + deadline_ms * 1_000_000
        ]
        if not missing and not late:
            continue
        members = sorted({world.line.sockets[socket].member for socket in (*missing, *late)})
        heard = (
            f"nothing of it within {deadline_ms} ms, on {len(missing)} of {len(due.must)} sockets that must"
        )
        if late:
            heard += f"; after more than {deadline_ms} ms on {len(late)}"
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{due.event}:{due.verb}/{due.exchange.form}",
            basis=due.basis,
            severity=CHECK.severity,
            clause=due.clause,
            expected=f"{' and '.join(members)} hear{'s' if len(members) == 1 else ''} {due.name} after {due.exchange.member}'s {due.verb}",
            heard=heard,
            evidence=(
                due.exchange.entry.n, *(world.line.sockets[s].entry.n for s in missing), *(due.heard[s][0].entry.n for s in late),
            ),
            case=due.exchange.entry.case,
        )  # fmt: skip


def over(world: World, since: float, case: str) -> bool:
    """Whether an event that was due at ``since`` can no longer come in time: the deadline has passed, or the case waited
    for it and gave up. A history that was cut off before proves nothing."""
    if world.line.last >= since + world.line.run.deadline_ms * 1_000_000:
        return True
    return any(s.t >= since and not s.complete and s.case == case for s in world.line.settled)
