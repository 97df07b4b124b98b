"""What the checks on shown messages have in common: each sighting with the message that the run knows by its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from earwitness.checks.model import Check, Finding
from earwitness.world import Message, Register, Sighting, World

T = TypeVar("T")


def known_messages(world: World) -> Iterator[tuple[Sighting, Message]]:
    """Every sighting of a message that the run itself sent."""
    for sighting in world.sightings:
        message = world.state.messages.get(sighting.seen.text("id"))
        if message is not None:
            yield sighting, message


def verb_of(sighting: Sighting) -> str:
    """The verb whose answer, or whose event, the sighting is."""
    return sighting.exchange.readings[0].verb if sighting.exchange.readings else ""


def possible(register: Register[T], sighting: Sighting) -> tuple[T, ...]:
    """What may have been shown: the values that held between the sighting's two moments.

    What a write itself shows, in its answer or its event, is the state that it made or a later one: never the state before.
    """
    own = [write for write in register.writes if write.cause == sighting.exchange.id] if sighting.own else []
    if not own:
        return register.possible(sighting.begun, sighting.done)
    since = min(write.begun for write in own)
    return tuple(
        w.value for w in register.writes if w in own or (w.done > since and w.begun <= sighting.done)
    )


def allowed(register: Register[T], sighting: Sighting, value: object) -> bool:
    """Whether what was shown may be; see ``possible``."""
    return register.unknown(sighting.begun) or any(v == value for v in possible(register, sighting))


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
