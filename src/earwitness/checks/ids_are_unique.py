"""Two messages never share an id."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="ids-are-unique",
    sentence="Every message gets an id that no other message has.",
    severity="high",
    needs=("message.id",),
    also=("send-text", "list-messages", "list-all-messages"),
    cwe=("CWE-694",),
)


def find(world: World) -> Iterator[Finding]:
    for message in world.state.nameless:
        other = world.state.messages.get(message.id)
        if not message.id or other is None:
            continue
        exchange = world.line.exchanges[message.cause]
        yield Finding(
            CHECK.id, f"{CHECK.id}:message", "stated", CHECK.severity, exchange.operation.clause if exchange.operation else "",
            "an id of its own for every message", f"id {message.id} for {other.nonce!r:.60} and for {message.nonce!r:.60}",
            (world.line.exchanges[other.cause].entry.n, exchange.entry.n), exchange.entry.case,
        )  # fmt: skip
    for listing in world.listings:
        ids = [item.text("id") for item in listing.items if item.text("id")]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice and listing.items[0].view == "message":
            yield Finding(
                CHECK.id, f"{CHECK.id}:list", "stated", CHECK.severity, "", "every message once in a list",
                f"{', '.join(twice)} more than once", (listing.exchange.entry.n,), listing.exchange.entry.case,
            )  # fmt: skip
