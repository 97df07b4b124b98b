"""What is not for somebody's ears does not reach them."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.meaning import hears_as
from earwitness.checks.model import Check, Finding
from earwitness.history import FrameSaid
from earwitness.world import Due, Socket, World

CHECK = Check(
    id="delivery-stray",
    sentence="No socket hears an event that its member neither must nor may hear.",
    severity="critical",
    judges=("audiences",),
    cwe=("CWE-201", "CWE-863"),
    owasp=("API1:2023",),
    narrowed={"outsider": ("CWE-201", "CWE-863", "API1:2023")},
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        due = heard.due
        if due is None or heard.match not in ("due", "again"):
            continue
        if heard.socket.id in due.must or heard.socket.id in due.may:
            continue
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{due.event}:{due.verb}/{due.exchange.form}:{hears_as(world, due, heard.socket.member)}",
            basis=_basis(world, due, heard.socket),
            severity=CHECK.severity,
            clause=due.clause,
            expected=f"{heard.socket.member} hears nothing of {due.exchange.member}'s {due.verb}",
            heard=f"{heard.socket.member} heard {due.name}",
            evidence=(due.exchange.entry.n, heard.entry.n),
            case=heard.entry.case,
        )


def _basis(world: World, due: Due, socket: Socket) -> str:
    # That an outsider hears nothing is stated wherever rooms have members; how far an audience of members goes is the spec's.
    if hears_as(world, due, socket.member) == "outsider":
        return "stated"
    # Whether another device of who caused it is "another" is said by no document.
    said_on = due.exchange.entry.socket if isinstance(due.exchange.entry, FrameSaid) else socket.id
    own_device = socket.member == due.exchange.member and socket.room == due.room and socket.id != said_on
    return "decided" if own_device else due.audience.basis
