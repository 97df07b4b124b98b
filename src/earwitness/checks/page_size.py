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
    needs=("page-size",),
    also=("list-messages", "list-all-messages", "page-size-max"),
    cwe=("CWE-770",),
    owasp=("API4:2023",),
)

# Lists that are cut into pages.
_PAGED = ("list-messages", "list-all-messages")


def find(world: World) -> Iterator[Finding]:
    rule, most = world.binding.rule("page-size"), world.binding.rule("page-size-max")
    if rule is None:
        return
    for listing in world.listings:
        if listing.verb not in _PAGED or not isinstance(rule.value, int):
            continue
        asked = next(
            (r.argument("page_size") for r in listing.exchange.readings if r.verb == listing.verb), ""
        )
        limit = int(asked) if asked.isdigit() and int(asked) > 0 else rule.value
        promise = rule
        if most is not None and isinstance(most.value, int):
            promise = most if most.value < limit else rule
            limit = min(limit, most.value)
        number = len(listing.items)
        if number > limit or (listing.followed and number < limit):
            yield Finding(
                CHECK.id, f"{CHECK.id}:{listing.verb}", promise.basis_of(listing.verb), CHECK.severity, promise.clause,
                f"{limit} messages on a page", f"{number}", (listing.exchange.entry.n,), listing.exchange.entry.case,
                listing.exchange.operation.id if listing.exchange.operation else "", weak=number > limit,
            )  # fmt: skip
