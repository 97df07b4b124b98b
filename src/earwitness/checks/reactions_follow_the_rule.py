"""A message shows the reactions that are in force, by the API's rule of how they add up."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.claims import is_readable
from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import allowed, finding, known_messages
from earwitness.world import Message, Sighting, World, effective

CHECK = Check(
    id="reactions-follow-the-rule",
    sentence="Reacting adds, replaces or removes as documented, and a message shows exactly the reactions in force.",
    severity="medium",
    needs=("react",),
    also=("reactions", "unreact", "list-messages", "reaction-changed"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("reactions")
    clause, basis = (rule.clause, rule.basis) if rule else ("", "stated")
    for sighting, message in known_messages(world):
        shown = sighting.seen.get("reactions")
        if (
            isinstance(shown, tuple)
            and all(map(is_readable, shown))
            and not (sighting.event and sighting.event != "message-created")
        ):
            for subject, expected, heard in _wrong(world, sighting, message, shown):
                yield finding(CHECK, sighting, message, clause, subject, expected, heard, basis)
    if rule is not None and rule.value in ("one-toggled", "many-toggled"):
        yield from _outcomes(world, clause, basis)


def _wrong(
    world: World, sighting: Sighting, message: Message, shown: tuple[object, ...]
) -> Iterator[tuple[str, str, str]]:
    in_force = {
        (r.text("member"), r.text("emoji"))
        for r in shown
        if isinstance(r, Seen) and r.get("in_force") is not False
    }
    for (member, emoji), register in message.reactions.items():
        there = (world.line.id_of(member), emoji) in in_force
        if not allowed(register, sighting, there):
            wanted = f"{member}'s {emoji} {'removed' if there else 'in force'} on message {message.id}"
            yield "still there" if there else "missing", wanted, f"{sorted(in_force)}"
    ours = {(world.line.id_of(member), emoji) for member, emoji in message.reactions}
    for member_id, emoji in sorted(in_force - ours):
        if world.line.member_with_id(member_id):
            yield "never given", f"no {emoji} of member {member_id}, who gave none", f"{sorted(in_force)}"


def _outcomes(world: World, clause: str, basis: str) -> Iterator[Finding]:
    """The answer's own word on a toggle: it must be the opposite of what certainly held before."""
    for exchange in world.line.exchanges.values():
        reading = effective(exchange)
        if (
            reading is None
            or reading.verb not in ("react", "unreact")
            or not exchange.succeeded
            or not exchange.as_member
        ):
            continue
        message = world.state.messages.get(reading.argument("message"))
        outcome = world.state.gave.get(exchange.id, {}).get("outcome")
        if message is None or not isinstance(outcome, bool):
            continue
        # Another request of the same member at the same time may have come before this one or after it. Its own write does not
        # hide what was there: were they different, nothing would be certain, and nothing wrong.
        before = message.reaction(exchange.member, reading.argument("emoji")).certain(
            exchange.begun, exchange.done
        )
        if before is None or outcome is not before or exchange.response is None:
            continue
        yield Finding(
            CHECK.id, f"{CHECK.id}:outcome", basis, CHECK.severity, clause,
            f"the same reaction again {'removes it' if before else 'adds it'}", f"the answer says reacted: {outcome}",
            (exchange.entry.n, exchange.response.n), exchange.entry.case,
            exchange.operation.id if exchange.operation else "",
        )  # fmt: skip
