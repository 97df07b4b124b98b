"""Messages are listed in the documented order."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="message-order",
    sentence="A room's messages are listed in the documented order of sending.",
    severity="medium",
    tier="read",
    needs=("message-order",),
    also=("list-messages", "read-room", "list-all-messages"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("message-order")
    if rule is None:
        return
    for listing in world.listings:
        known = [m for item in listing.items if (m := world.state.messages.get(item.text("id"))) is not None]
        if listing.verb not in ("list-messages", "read-room", "list-all-messages"):
            continue
        newest_first = known if rule.value == "newest-first" else known[::-1]
        for index, later in enumerate(newest_first):
            # Only messages that were certainly sent one after the other have an order to keep.
            earlier = next((one for one in newest_first[:index] if one.done < later.begun), None)
            if earlier is not None:
                yield Finding(
                    CHECK.id, f"{CHECK.id}:{listing.verb}", rule.basis_of(listing.verb), CHECK.severity, rule.clause,
                    f"{rule.value}: {earlier.nonce!r:.40} is older than {later.nonce!r:.40}", "listed the other way round",
                    (listing.exchange.entry.n,), listing.exchange.entry.case,
                    listing.exchange.operation.id if listing.exchange.operation else "",
                )  # fmt: skip
                break
