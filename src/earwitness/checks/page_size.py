"""A page holds as many messages as documented."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="page-size",
    sentence="A page that is followed by another is full, and no page holds more than the documented number.",
    severity="low",
    tier="read",
    needs=("list-messages",),
    cwe=("CWE-770",),
    owasp=("API4:2023",),
)


def find(world: World) -> Iterator[Finding]:
    rule, most = world.binding.rule("page-size"), world.binding.rule("page-size-max")
    if rule is None:
        return
    for listing in world.listings:
        if listing.verb != "list-messages" or not isinstance(rule.value, int):
            continue
        asked = listing.exchange.readings[0].argument("page_size") if listing.exchange.readings else ""
        limit = int(asked) if asked.isdigit() and int(asked) > 0 else rule.value
        if most is not None and isinstance(most.value, int):
            limit = min(limit, most.value)
        number = len(listing.items)
        if number > limit or (listing.followed and number < limit):
            yield Finding(
                CHECK.id, f"{CHECK.id}:{listing.verb}", rule.basis, CHECK.severity, rule.clause,
                f"{limit} messages on a page", f"{number}", (listing.exchange.entry.n,), listing.exchange.entry.case,
                listing.exchange.operation.id if listing.exchange.operation else "",
            )  # fmt: skip
