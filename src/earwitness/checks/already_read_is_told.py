"""Marking a message as read tells whether it was read already."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.reading import has_looked, told_by_frames_alone
from earwitness.world import World, effective, what_it_gave

CHECK = Check(
    id="already-read-is-told",
    sentence="Marking a message as read tells whether the member had read it before.",
    severity="low",
    needs=("mark-message-read.already",),
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        reading = effective(exchange)
        if reading is None or reading.verb != "mark-message-read" or not exchange.as_member:
            continue
        already = (what_it_gave(world.binding, exchange, reading) or {}).get("already")
        message = world.state.messages.get(reading.argument("message"))
        if message is None or not isinstance(already, bool) or exchange.response is None:
            continue
        member = exchange.member
        # Its own write does not hide what was there: were they different, nothing would be certain, and nothing wrong.
        before = message.read(member).certain(exchange.begun - 1, exchange.begun - 1)
        meanwhile = any(
            write.cause != exchange.id and write.begun <= exchange.response.t and write.done >= exchange.begun
            for write in message.read(member).writes
        )
        own = member == message.author
        wanted = True if own else before
        if wanted is None or meanwhile or already is wanted:
            continue
        ours = (
            own
            or (not wanted and has_looked(world, message, member, exchange.done))
            or (
                wanted
                and told_by_frames_alone(world, message, member, exchange.begun - 1, exchange.begun - 1)
            )
        )
        operation = exchange.operation
        yield Finding(
            CHECK.id, f"{CHECK.id}:{operation.id if operation else exchange.form}", "decided" if ours else "stated", CHECK.severity,
            operation.clause if operation else "",
            f"{member} told that message {message.id} was {'' if wanted else 'not '}read before", f"already {already}",
            (exchange.entry.n, exchange.response.n), exchange.entry.case, operation.id if operation else "",
        )  # fmt: skip
