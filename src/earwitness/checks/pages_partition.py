"""The pages of a list, taken together, hold every message once."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.pages import Walk, walks
from earwitness.world import Message, Room, World
from earwitness.world.register import Write

CHECK = Check(
    id="pages-partition",
    sentence="The pages of a room's messages hold every message once, and the count says how many there are.",
    severity="high",
    tier="read",
    needs=("list-messages",),
)


def find(world: World) -> Iterator[Finding]:
    for walk in walks(world):
        room = world.state.rooms.get(walk.room)
        if room is None or not room.ours:
            continue  # somebody else may write there, or delete, while we read
        for subject, expected, heard in _wrong(world, walk):
            basis = "decided" if subject == "count" and _may_count_deleted(world, walk, room) else "stated"
            operation = walk.pages[0].exchange.operation
            yield Finding(
                CHECK.id, f"{CHECK.id}:{subject}", basis, CHECK.severity, operation.clause if operation else "",
                expected, heard, walk.evidence, walk.pages[0].exchange.entry.case, operation.id if operation else "",
            )  # fmt: skip


def _wrong(world: World, walk: Walk) -> Iterator[tuple[str, str, str]]:
    ids = [item.text("id") for item in walk.items]
    messages = world.state.in_room(walk.room)
    still = all(m.exists.certain(walk.begun, walk.done) is not None for m in messages) and all(
        m.begun > walk.done or m.done < walk.begun for m in messages
    )
    # What is deleted while pages are read moves others up to a page that was read before.
    shrinks = len(walk.pages) > 1 and any(
        w.begun <= walk.done and w.done >= walk.begun for m in messages for w in _deletions(m)
    )
    for message in messages if not shrinks else ():
        if message.id and message.exists.certain(walk.begun, walk.done) is True and message.id not in ids:
            yield (
                "missing",
                f"message {message.id} ({message.nonce!r:.60}) listed for {walk.member}",
                f"{len(ids)} others",
            )
    if not still:
        return  # a list that changes while it is read may shift from one page to the next
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        yield "twice", "every message on one page only", f"{', '.join(twice)} on several"
    count = walk.pages[-1].count
    if isinstance(count, int) and not isinstance(count, bool) and count != len(ids):
        yield "count", f"a count of {len(ids)}, which is what the pages hold", f"{count}"


def _deletions(message: Message) -> list[Write[bool]]:
    return [write for write in message.exists.writes if write.cause and not write.value]


def _may_count_deleted(world: World, walk: Walk, room: Room) -> bool:
    """Whether the count is too high where something was, or may have been, deleted: that it is not counted any more is said by
    no document."""
    deleted = (
        any(_deletions(message) for message in world.state.in_room(room.id)) or room.fresh_since > walk.begun
    )
    count = walk.pages[-1].count
    return deleted and isinstance(count, int) and count > len(walk.items)
