"""The pages of a list, taken together, hold every message once."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.pages import Walk, walks
from earwitness.world import World

CHECK = Check(
    id="pages-partition",
    sentence="The pages of a room's messages hold every message once, and the count says how many there are.",
    severity="high",
    tier="read",
    needs=("list-messages",),
)


def find(world: World) -> Iterator[Finding]:
    for walk in walks(world):
        for subject, expected, heard in _wrong(world, walk):
            operation = walk.pages[0].exchange.operation
            yield Finding(
                CHECK.id, f"{CHECK.id}:{subject}", "stated", CHECK.severity, operation.clause if operation else "",
                expected, heard, walk.evidence, walk.pages[0].exchange.entry.case, operation.id if operation else "",
            )  # fmt: skip


def _wrong(world: World, walk: Walk) -> Iterator[tuple[str, str, str]]:
    ids = [item.text("id") for item in walk.items]
    messages = world.state.in_room(walk.room)
    still = all(m.exists.certain(walk.begun, walk.done) is not None for m in messages) and all(
        m.begun > walk.done or m.done < walk.begun for m in messages
    )
    for message in messages:
        if message.id and message.exists.certain(walk.begun, walk.done) is True and message.id not in ids:
            yield "missing", f"message {message.id} ({message.nonce!r:.60}) listed for {walk.member}", f"{len(ids)} others"
    if not still:
        return  # a list that changes while it is read may shift from one page to the next
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        yield "twice", "every message on one page only", f"{', '.join(twice)} on several"
    count = walk.pages[-1].count
    if isinstance(count, int) and not isinstance(count, bool) and count != len(ids):
        yield "count", f"a count of {len(ids)}, which is what the pages hold", f"{count}"
