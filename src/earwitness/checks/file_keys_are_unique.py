"""Two files never get the same place."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange, World, what_it_gave

CHECK = Check(
    id="file-keys-are-unique",
    sentence="Every place that is given out for a file has a key of its own, also for files of the same name.",
    severity="high",
    needs=("request-upload", "file-keys"),
    cwe=("CWE-694",),
)


def find(world: World) -> Iterator[Finding]:
    given: dict[str, Exchange] = {}
    for exchange in sorted(world.line.exchanges.values(), key=lambda one: one.begun):
        key, basis = _key(world, exchange)
        if not key:
            continue
        first = given.setdefault(key, exchange)
        if first is exchange:
            continue
        operation = exchange.operation
        yield Finding(
            CHECK.id, f"{CHECK.id}:{operation.id if operation else exchange.form}", basis, CHECK.severity,
            operation.clause if operation else "", "a key that no other file has", f"{key!r:.120} a second time",
            (first.entry.n, exchange.entry.n), exchange.entry.case, operation.id if operation else "",
        )  # fmt: skip


def _key(world: World, exchange: Exchange) -> tuple[str, str]:
    """The key that an answer gave out, and the basis of its being the file's own; "" when it gave none."""
    rule = world.binding.rule("file-keys")
    if rule is None or not exchange.as_member or not exchange.succeeded:
        return "", ""
    for reading in exchange.readings:
        key = (what_it_gave(world.binding, exchange, reading) or {}).get("key")
        if isinstance(key, str) and key:
            return key, rule.basis
    return "", ""
