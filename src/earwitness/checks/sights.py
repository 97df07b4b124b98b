"""What the checks on shown messages have in common: each sighting with the message that the run knows by its id."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Message, Register, Sighting, World


def known_messages(world: World) -> Iterator[tuple[Sighting, Message]]:
    """Every sighting of a message that the run itself sent."""
    for sighting in world.sightings:
        message = world.state.messages.get(sighting.seen.text("id"))
        if message is not None:
            yield sighting, message


def allowed(register: Register[object], sighting: Sighting, value: object) -> bool:
    """Whether what was shown may be: a value that held between the sighting's two moments.

    An event shows the state that its own cause made, or a later one: never the state before.
    """
    if sighting.event:
        own = next((w for w in register.writes if w.cause == sighting.exchange.id), None)
        if own is not None:
            return any(w.value == value for w in register.writes if w is own or own.begun <= w.begun <= sighting.done)
    return register.allows(value, sighting.begun, sighting.done)


def finding(check: Check, sighting: Sighting, message: Message, clause: str, subject: str, expected: str, heard: str,
            basis: str = "stated") -> Finding:  # fmt: skip
    """A finding about one sighting of one message, with the message's own request as first evidence."""
    exchange = sighting.exchange
    operation = exchange.operation.id if exchange.operation else exchange.form
    return Finding(
        check=check.id,
        cause=f"{check.id}:{sighting.event or operation}{':' + subject if subject else ''}",
        basis=basis,
        severity=check.severity,
        clause=clause or (exchange.operation.clause if exchange.operation else ""),
        expected=expected,
        heard=f"{sighting.member} was shown {heard}",
        evidence=tuple(dict.fromkeys((exchange.entry.n, sighting.n))),
        case=exchange.entry.case,
        operation=operation,
    )
