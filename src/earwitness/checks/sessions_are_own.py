"""A member's sessions are those of the member's own sockets."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sessions import Sessions, lists_of_sessions, sockets_of
from earwitness.world import Exchange, World

CHECK = Check(
    id="sessions-are-own",
    sentence="A list of sessions holds one for each of the member's own open sockets and none of anybody else's, and cleaning up "
    "leaves those alone.",
    severity="critical",
    needs=("list-sessions",),
    also=("clean-sessions",),
    cwe=("CWE-862",),
    owasp=("API1:2023",),
    narrowed={"anothers": ("CWE-862", "API1:2023")},
)


def find(world: World) -> Iterator[Finding]:
    owners: dict[str, Sessions] = {}
    before: dict[str, Sessions] = {}
    for listed in lists_of_sessions(world):
        member = listed.exchange.member
        for one in listed.ids:
            first = owners.setdefault(one, listed)
            if first.exchange.member != member:
                wanted = f"session {one} shown to {first.exchange.member} alone"
                yield _finding(listed.exchange, "anothers", wanted, f"{member} was shown it, too", "stated")
        yield from _number(world, listed)
        if member in before:
            yield from _growth(world, before[member], listed)
        before[member] = listed


def _number(world: World, listed: Sessions) -> Iterator[Finding]:
    """How many there may be at all. On somebody else's deployment, members may have sessions that the run does not know."""
    exchange, answered = listed.exchange, _answered(listed.exchange)
    sockets = sockets_of(world, exchange.member)
    grace = world.line.run.deadline_ms * 1_000_000
    ever = [one for one in sockets if one.entry.t <= answered]
    still = [one for one in ever if one.closed is None or one.closed.t + grace >= exchange.begun]
    sure = [one for one in ever if one.open_throughout(exchange.begun, answered)]
    said = f"{listed.number}"
    if not world.line.run.foreign and listed.number > len(still):
        # That a closed socket leaves the list at once is our reading; that a session is a socket is not, where there is none.
        basis = "stated" if listed.number > len(ever) else "decided"
        yield _finding(
            exchange, "more", f"{len(still)} sessions of {exchange.member} at the most", said, basis
        )
    if listed.number < len(sure):
        yield _finding(
            exchange, "fewer", f"{len(sure)} sessions of {exchange.member} at least", said, "decided"
        )


def _growth(world: World, earlier: Sessions, later: Sessions) -> Iterator[Finding]:
    """What may have come and gone between two lists of the same member."""
    exchange, since = later.exchange, earlier.exchange.begun
    sockets = sockets_of(world, exchange.member)
    opened = [
        one
        for one in sockets
        if one.entry.t <= _answered(exchange) and (one.opened is None or one.opened.t >= since)
    ]
    new = set(later.ids) - set(earlier.ids)
    if len(new) > len(opened):
        wanted = f"{len(opened)} new sessions of {exchange.member}, who opened as many sockets"
        yield _finding(exchange, "new", wanted, f"{len(new)} new ones", "stated")
    grace = world.line.run.deadline_ms * 1_000_000
    closed = [
        one
        for one in sockets
        if one.closed is not None and one.closed.t + grace >= since and one.closed.t <= _answered(exchange)
    ]
    gone = set(earlier.ids) - set(later.ids)
    if len(gone) > len(closed) and not world.line.run.foreign:
        wanted = f"{exchange.member}'s sessions of sockets that are open"
        yield _finding(exchange, "gone", wanted, f"{len(gone)} gone, {len(closed)} closed", "stated")


def _answered(exchange: Exchange) -> int:
    return exchange.response.t if exchange.response is not None else exchange.begun


def _finding(exchange: Exchange, subject: str, expected: str, heard: str, basis: str) -> Finding:
    operation = exchange.operation
    return Finding(
        CHECK.id, f"{CHECK.id}:{subject}", basis, CHECK.severity, operation.clause if operation else "", expected, heard,
        (exchange.entry.n,), exchange.entry.case, operation.id if operation else "",
    )  # fmt: skip
