"""The pages of a list, taken together, hold every message once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.pages import Walk, next_pages, walks
from earwitness.history import Request
from earwitness.world import Exchange, Listing, Message, Room, World
from earwitness.world.register import Write

CHECK = Check(
    id="pages-partition",
    sentence="The pages of a room's messages hold every message once, each of them is there, and the count says how many there are.",
    severity="high",
    tier="read",
    needs=("list-messages",),
    also=("list-all-messages",),
)


# Shorter texts are too likely to be somebody else's.
_LEAST_TEXT = 12


def find(world: World) -> Iterator[Finding]:
    for walk in walks(world):
        room = world.state.rooms.get(walk.room)
        if room is None or not room.ours:
            continue  # somebody else may write there, or delete, while we read
        for subject, expected, heard, basis in (*_wrong(world, walk, room), *_copies(world, walk, room)):
            yield _finding(subject, expected, heard, basis, walk.evidence, walk.pages[0].exchange)
    for page, asked in next_pages(world):
        heard, basis = _is_missing(world, page, asked)
        if heard:
            expected = f"a page {page.page + 1} with messages, since page {page.page} names it as the next"
            yield _finding("next", expected, heard, basis, (page.exchange.entry.n, asked.entry.n), asked)


def _finding(
    subject: str, expected: str, heard: str, basis: str, evidence: tuple[int, ...], exchange: Exchange
) -> Finding:
    operation = exchange.operation
    return Finding(
        CHECK.id, f"{CHECK.id}:{subject}", basis, CHECK.severity, operation.clause if operation else "",
        expected, heard, evidence, exchange.entry.case, operation.id if operation else "",
    )  # fmt: skip


def _wrong(world: World, walk: Walk, room: Room) -> Iterator[tuple[str, str, str, str]]:
    ids = [item.text("id") for item in walk.items]
    messages = world.state.in_room(walk.room)
    still = all(m.exists.certain(walk.begun, walk.done) is not None for m in messages) and all(
        m.begun > walk.done or m.done < walk.begun for m in messages
    )
    # What is deleted while pages are read moves others up to a page that was read before.
    shrinks = len(walk.pages) > 1 and _shrinks(messages, walk.begun, walk.done)
    for message in messages if not shrinks else ():
        if message.id and message.exists.certain(walk.begun, walk.done) is True and message.id not in ids:
            yield (
                "missing",
                f"message {message.id} ({message.nonce!r:.60}) listed for {walk.member}",
                f"{len(ids)} others",
                # That what a socket tells is stored by then is said by no document.
                "decided" if message.learnt else "stated",
            )
    elsewhere = sorted(
        one
        for one in set(ids)
        if one in world.state.messages and world.state.messages[one].room not in ("", walk.room)
    )
    if elsewhere:
        yield (
            "foreign",
            f"messages of room {walk.room} alone",
            f"{', '.join(elsewhere)} of other rooms",
            "stated",
        )
    if not still:
        return  # a list that changes while it is read may shift from one page to the next
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        yield "twice", "every message on one page only", f"{', '.join(twice)} on several", "stated"
    count = walk.pages[-1].count
    if isinstance(count, int) and not isinstance(count, bool) and count != len(ids):
        basis = "decided" if _may_count_deleted(world, walk, room) else "stated"
        yield "count", f"a count of {len(ids)}, which is what the pages hold", f"{count}", basis


def _copies(world: World, walk: Walk, room: Room) -> Iterator[tuple[str, str, str, str]]:
    """Messages that nobody sent, and that say what somebody did send, as if sent by the same member: copies of it."""
    if room.fresh_since > walk.begun:
        return  # they may be from before the run
    sent = world.state.in_room(room.id)
    unknown = {
        item.text("id"): (item.text("author"), item.text("text").strip())
        for item in walk.items
        if item.text("id")
        and item.text("id") not in world.state.messages
        # Stored by an earlier step of a verb, which nobody has told of yet.
        and item.text("id") not in world.state.prepared
    }
    for (author, text), number in Counter(unknown.values()).items():
        alike = [m for m in sent if author in ("", world.line.id_of(m.author)) and text in _texts(m)]
        # Those of them whose id nobody has learnt are what the list may show here.
        more = number - sum(world.state.messages.get(m.id) is not m for m in alike)
        if alike and more > 0 and len(text) >= _LEAST_TEXT:
            ids = ", ".join(sorted(one for one, shown in unknown.items() if shown == (author, text)))
            wanted = f"{alike[0].author}'s {text!r:.60} once for each time it was sent"
            yield "copies", wanted, f"{more} more: {ids:.100}", "stated"


def _texts(message: Message) -> set[str]:
    return {write.value.strip() for write in message.text.writes}


def _is_missing(world: World, page: Listing, asked: Exchange) -> tuple[str, str]:
    """What was heard instead of the page that ``page`` named as the next, and on what the promise rests; "" when nothing is wrong
    with it, or when nobody can tell."""
    room = world.state.rooms.get(page.room)
    if room is None or not room.ours or asked.response is None or not isinstance(asked.entry, Request):
        return "", ""
    done = asked.response.t
    if _shrinks(world.state.in_room(room.id), page.begun, done) or not room.has(
        page.member, page.begun, done
    ):
        return "", ""
    shown = next((listing for listing in world.listings if listing.exchange is asked), None)
    if shown is not None and not shown.items:
        # An empty page after the last is a poor end, and no document forbids it.
        return "an empty page", "decided"
    # A request that was bent on purpose is refused for that; and who is told to come back later is told nothing else.
    straight = asked.entry.verb and not asked.entry.source and asked.status not in (401, 403, 429)
    return (f"{asked.status}", "stated") if straight and 400 <= asked.status < 500 else ("", "")


def _shrinks(messages: list[Message], begun: float, done: float) -> bool:
    """Whether any of ``messages`` may have been deleted between two moments."""
    return any(w.begun <= done and w.done >= begun for m in messages for w in _deletions(m))


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
