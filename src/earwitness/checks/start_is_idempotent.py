"""Starting again with the same peer gives the same room."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Room, World

CHECK = Check(
    id="start-is-idempotent",
    sentence="Two members have one direct room: starting again, from either side, gives that room.",
    severity="medium",
    needs=("start-direct",),
    cwe=("CWE-837",),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("start-again")
    pairs: dict[tuple[str, frozenset[str]], list[Room]] = {}
    for room in world.state.rooms.values():
        kind = world.binding.rooms.get(room.kind)
        if kind is not None and kind.pair and room.complete and room.started_by and len(room.members) == 2:
            pairs.setdefault((room.kind, frozenset(room.members)), []).append(room)
    for (_, members), rooms in pairs.items():
        if rule is None or len(rooms) < 2:
            continue
        first, second = (world.line.exchanges[room.started_by[0]] for room in rooms[:2])
        yield Finding(
            CHECK.id, f"{CHECK.id}:{second.operation.id if second.operation else 'start'}", rule.basis, CHECK.severity,
            rule.clause, f"one room for {' and '.join(sorted(members))}", f"rooms {', '.join(r.id for r in rooms)}",
            (first.entry.n, second.entry.n), second.entry.case, second.operation.id if second.operation else "",
        )  # fmt: skip
