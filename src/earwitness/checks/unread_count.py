"""Unread counts add up: one more for each message of another member, none after the room was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.checks.model import Check, Finding
from earwitness.world import NEVER, Exchange, Message, World, effective, weakest

CHECK = Check(
    id="unread-count",
    sentence="A room's unread count grows by one with each message of another member and falls to zero when the room is read, "
    "which says how many there were.",
    severity="medium",
    needs=("list-rooms",),
)

_MARKING = ("mark-room-read", "send-text", "send-file", "reply")
_LOOKING = ("list-messages", "read-room")


@dataclass(frozen=True, slots=True)
class _Count:
    """How many unread messages of a room a member was told of, between two moments: by a list of rooms, or by marking the
    room as read, which tells of those before it."""

    exchange: Exchange
    verb: str
    room: str
    number: int

    @property
    def member(self) -> str:
        return self.exchange.member

    @property
    def begun(self) -> int:
        return self.exchange.begun

    @property
    def done(self) -> float:
        return self.exchange.done

    @property
    def reading(self) -> tuple[float, float]:
        """The moments between which what was read by then is left out: what marking itself reads it counts."""
        return (self.begun, self.done) if self.verb == "list-rooms" else (self.begun - 1, self.begun - 1)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A moment at which a member's unread count was known; ``cause`` names the exchange that tells it."""

    begun: float
    done: float
    count: int
    cause: str = ""


@dataclass(slots=True)
class _Bounds:
    """The least and the most that a count may be: as we read the documents (``low``, ``high``), and where nothing is taken
    for granted that no document says (``least``, ``most``)."""

    low: int
    high: int
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("unread")
    if rule is None:
        return
    for count in _counts(world):
        known = world.state.rooms.get(count.room)
        anchor = _anchor(world, count) if known is not None and known.ours else None
        if anchor is None:
            continue
        bounds = _bounds(world, count, anchor)
        if bounds.low <= count.number <= bounds.high:
            continue
        # That looking at a room's messages does not mark them as read is said by no document.
        looked = count.number <= bounds.most and _did(world, count, anchor, _LOOKING)
        decided = looked or bounds.least <= count.number <= bounds.most
        operation = count.exchange.operation
        said = "" if count.verb == "list-rooms" else ", and marked as read"
        yield Finding(
            CHECK.id, f"{CHECK.id}:{count.verb}", weakest(rule.basis, "decided") if decided else rule.basis, CHECK.severity,
            rule.clause, f"{bounds} unread in room {count.room} for {count.member}{said}", f"{count.number}",
            (count.exchange.entry.n,), count.exchange.entry.case, operation.id if operation else "",
        )  # fmt: skip


def _counts(world: World) -> Iterator[_Count]:
    """Every count that somebody was told, of rooms listed and of rooms marked."""
    for listing in world.listings:
        for room in listing.items:
            unread = room.get("unread")
            if room.view == "room" and isinstance(unread, int) and not isinstance(unread, bool):
                yield _Count(listing.exchange, "list-rooms", room.text("id"), unread)
    for exchange, room_id in _marks(world):
        number = world.state.gave.get(exchange.id, {}).get("count")
        if isinstance(number, int) and not isinstance(number, bool):
            yield _Count(exchange, "mark-room-read", room_id, number)


def _marks(world: World) -> Iterator[tuple[Exchange, str]]:
    """Every marking of a room that succeeded."""
    for exchange in world.line.exchanges.values():
        reading = effective(exchange)
        if (
            reading is not None
            and reading.verb == "mark-room-read"
            and exchange.succeeded
            and exchange.as_member
        ):
            yield exchange, reading.argument("room")


def _anchor(world: World, count: _Count) -> _Anchor | None:
    """What to count from: the last moment before at which the count was known, if there is one."""
    anchors = (anchor for anchor in _anchors(world, count) if anchor.done < count.begun)
    return max(anchors, key=lambda anchor: anchor.begun, default=None)


def _anchors(world: World, count: _Count) -> Iterator[_Anchor]:
    known = world.state.rooms.get(count.room)
    if known is not None and known.fresh_since != NEVER:
        yield _Anchor(known.fresh_since - 1, known.fresh_since - 1, 0)
    for exchange, room in _marks(world):
        if exchange.member == count.member and room == count.room:
            yield _Anchor(exchange.begun, exchange.done, 0, exchange.id)
    for other in world.listings:
        if other.member == count.member and other.exchange is not count.exchange:
            for shown in other.items:
                unread = shown.get("unread")
                if shown.text("id") == count.room and isinstance(unread, int):
                    yield _Anchor(other.begun, other.done, unread, other.exchange.id)


def _bounds(world: World, count: _Count, anchor: _Anchor) -> _Bounds:
    others = [
        message
        for message in world.state.in_room(count.room)
        if message.author != count.member and message.begun <= count.done
    ]
    left = gone = 0
    for message in others:
        if message.done <= anchor.begun:
            left += _may_have_left(count, anchor, message)
            gone += _is_gone(world, count, anchor, message)
    # No more can leave the count than were in it.
    low, high = max(anchor.count - left, 0), max(anchor.count - gone, 0)
    bounds = _Bounds(low, high, low, high)
    for message in others:
        if message.done > anchor.begun:
            _came_since(world, count, anchor, message, bounds)
    # That what was deleted is not waiting to be read is said by no document, nor that lists and marking agree on it.
    deleted = sum(_may_wait_deleted(count, message) for message in others)
    bounds.least, bounds.most = max(bounds.least - deleted, 0), bounds.most + deleted
    # Marking that is under way may be done or not; and some servers take answering for reading: no document says either way.
    if _did(world, count, anchor, _MARKING):
        bounds.low = bounds.least = 0
    return bounds


def _may_have_left(count: _Count, anchor: _Anchor, message: Message) -> int:
    """In how many ways a message that was counted may have been taken out since: by being deleted, by being read alone."""
    deleted = message.exists.certain(anchor.begun, anchor.done) is not message.exists.certain(
        count.begun, count.done
    )
    read = message.read(count.member).certain(anchor.begun, count.reading[1]) is None
    return int(deleted) + int(read)


def _may_wait_deleted(count: _Count, message: Message) -> bool:
    """Whether a message may have been deleted before it was read."""
    there = message.exists.certain(count.begun, count.done)
    return there is not True and message.read(count.member).certain(*count.reading) is not True


def _is_gone(world: World, count: _Count, anchor: _Anchor, message: Message) -> bool:
    """Whether a message was counted for certain, and has been deleted since."""
    if not _deleted_is_gone(world):
        return False
    before = message.exists.certain(anchor.begun, anchor.done)
    unread = message.read(count.member).certain(anchor.begun, count.reading[1]) is False
    if before is not True or not unread or message.exists.certain(count.begun, count.done) is not False:
        return False
    # Who looked at the room, or answered there, may have read it before it was deleted.
    return not _did(world, count, _Anchor(message.begun, message.begun, 0), (*_MARKING, *_LOOKING))


def _came_since(world: World, count: _Count, anchor: _Anchor, message: Message, bounds: _Bounds) -> None:
    there = message.exists.certain(count.begun, count.done)
    more = int(there is not False or not _deleted_is_gone(world))
    bounds.high += more
    bounds.most += more
    after = message.begun > anchor.done and message.done < count.begun
    if after and there is True and message.read(count.member).certain(*count.reading) is False:
        bounds.low += 1
        # That what a socket tells is stored by then is said by no document.
        bounds.least += int(not message.learnt)


def _deleted_is_gone(world: World) -> bool:
    rule = world.binding.rule("deleted-messages")
    return rule is not None and rule.value == "gone"


def _did(world: World, count: _Count, anchor: _Anchor, verbs: tuple[str, ...]) -> bool:
    """Whether the member did, or may have done, one of ``verbs`` in the room between the anchor and the count."""
    for exchange in world.line.exchanges.values():
        if exchange.member != count.member or exchange.id in (anchor.cause, count.exchange.id):
            continue
        if not exchange.as_member or not (exchange.succeeded or exchange.uncertain):
            continue
        if exchange.begun > count.done or exchange.done < anchor.begun:
            continue
        if any(
            reading.verb in verbs and reading.argument("room") == count.room for reading in exchange.readings
        ):
            return True
    return False
