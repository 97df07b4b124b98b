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
    needs=("list-messages",),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("message-order")
    if rule is None:
        return
    for listing in world.listings:
        known = [m for item in listing.items if (m := world.state.messages.get(item.text("id"))) is not None]
        if listing.verb not in ("list-messages", "read-room"):
            continue
        from_new_to_old = known if rule.value == "newest-first" else known[::-1]
        for index, older in enumerate(from_new_to_old):
            # Only messages that were certainly sent one after the other have an order to keep.
            newer = next((one for one in from_new_to_old[:index] if one.done < older.begun), None)
            if newer is not None:
                yield Finding(
                    CHECK.id, f"{CHECK.id}:{listing.verb}", rule.basis, CHECK.severity, rule.clause,
                    f"{rule.value}: {older.nonce!r:.40} is older than {newer.nonce!r:.40}", "listed the other way round",
                    (listing.exchange.entry.n,), listing.exchange.entry.case,
                    listing.exchange.operation.id if listing.exchange.operation else "",
                )  # fmt: skip
                break
