"""Unread counts add up: one more for each message of another member, none after the room was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import key_of
from earwitness.checks.model import Check, Finding
from earwitness.checks.reading import told_by_frames_alone
from earwitness.world import Exchange, Message, World, effective, weakest

CHECK = Check(
    id="unread-count",
    sentence="A room's unread count grows by one with each message of another member and falls to zero when the room is read, "
    "which says how many there were.",
    severity="medium",
    needs=("list-rooms", "unread"),
    also=("mark-room-read", "mark-message-read"),
)

_MARK = "mark-room-read"
# What reads a room; of answering, and of looking, no document says whether it does.
_MARKING = (_MARK, "send-text", "send-file", "reply")
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
        return (self.begun - 1, self.begun - 1) if self.verb == _MARK else (self.begun, self.done)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A moment at which a member's unread count was known; ``cause`` names the exchange that tells it."""

    begun: float
    done: float
    count: int
    cause: str = ""


class _Past:
    """What the members did and were told, by member and room."""

    def __init__(self, world: World) -> None:
        self.world = world
        rule = world.binding.rule("deleted-messages")
        self.deleted_is_gone = rule is not None and rule.value == "gone"
        self.counts: list[_Count] = []
        self._anchors: dict[tuple[str, str], list[_Anchor]] = {}
        self._acts: dict[tuple[str, str], list[tuple[Exchange, str]]] = {}
        for listing in world.listings:
            for room in listing.items:
                unread = room.get("unread")
                if room.view == "room" and isinstance(unread, int) and not isinstance(unread, bool):
                    key = key_of(world.binding, room)
                    self.counts.append(_Count(listing.exchange, listing.verb, key, unread))
                    self._anchor(listing.exchange, key, unread)
        for exchange in world.line.exchanges.values():
            if exchange.as_member and (exchange.succeeded or exchange.uncertain):
                self._did(exchange)

    def _anchor(self, exchange: Exchange, room: str, left: int) -> None:
        anchor = _Anchor(exchange.begun, exchange.done, left, exchange.id)
        self._anchors.setdefault((exchange.member, room), []).append(anchor)

    def _did(self, exchange: Exchange) -> None:
        for reading in exchange.readings:
            key = (exchange.member, reading.argument("room"))
            self._acts.setdefault(key, []).append((exchange, reading.verb))
        best = effective(exchange)
        if best is None or best.verb != _MARK or not exchange.succeeded:
            return
        room = best.argument("room")
        number = self.world.state.gave.get(exchange.id, {}).get("count")
        if isinstance(number, int) and not isinstance(number, bool):
            self.counts.append(_Count(exchange, _MARK, room, number))
        self._anchor(exchange, room, 0)

    def anchor(self, count: _Count) -> _Anchor | None:
        """What to count from: the last moment before at which the count was known, if there is one."""
        room = self.world.state.rooms.get(count.room)
        anchors = [a for a in self._anchors.get((count.member, count.room), ()) if a.done < count.begun]
        if room is not None and room.fresh_since < count.begun:
            anchors.insert(0, _Anchor(room.fresh_since - 1, room.fresh_since - 1, 0))
        return max(anchors, key=lambda anchor: anchor.begun, default=None)

    def was_inside(self, count: _Count, since: float) -> bool:
        """Whether the member was in the room all the time from ``since`` to the count."""
        room = self.world.state.rooms[count.room]
        return room.has(count.member, since, count.done) is True

    def did(self, count: _Count, since: float, verbs: tuple[str, ...], but: str = "") -> bool:
        """Whether the member did, or may have done, one of ``verbs`` in the room between ``since`` and the count, ``but``
        for one exchange and what tells the count itself."""
        return any(
            verb in verbs
            and exchange.id not in (but, count.exchange.id)
            and exchange.begun <= count.done
            and exchange.done >= since
            for exchange, verb in self._acts.get((count.member, count.room), ())
        )


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
    past = _Past(world)
    for count in past.counts:
        known = world.state.rooms.get(count.room)
        # What is unread for who is outside, no document says.
        inside = known is not None and known.ours and known.has(count.member, count.begun, count.done)
        anchor = past.anchor(count) if inside else None
        if anchor is None:
            continue
        bounds = _bounds(past, count, anchor)
        if bounds.low <= count.number <= bounds.high:
            continue
        # That looking at a room's messages does not mark them as read is said by no document.
        looked = count.number <= bounds.most and past.did(count, anchor.begun, _LOOKING, anchor.cause)
        decided = looked or bounds.least <= count.number <= bounds.most
        operation = count.exchange.operation
        said = ", and marked as read" if count.verb == _MARK else ""
        yield Finding(
            CHECK.id, f"{CHECK.id}:{count.verb}", weakest(rule.basis, "decided") if decided else rule.basis, CHECK.severity,
            rule.clause, f"{bounds} unread in room {count.room} for {count.member}{said}", f"{count.number}",
            (count.exchange.entry.n,), count.exchange.entry.case, operation.id if operation else "",
        )  # fmt: skip


def _bounds(past: _Past, count: _Count, anchor: _Anchor) -> _Bounds:
    others = [
        message
        for message in past.world.state.in_room(count.room)
        if message.author != count.member and message.begun <= count.done
    ]
    left = gone = 0
    for message in others:
        if message.done <= anchor.begun:
            left += _may_have_left(count, anchor, message)
            gone += _is_gone(past, count, anchor, message)
    # No more can leave the count than were in it; of who was out of the room meanwhile, nobody knows what did.
    stayed = past.was_inside(count, anchor.begun)
    low, high = max(anchor.count - left, 0) if stayed else 0, max(anchor.count - gone, 0)
    bounds = _Bounds(low, high, low, high)
    for message in others:
        if message.done > anchor.begun:
            _came_since(past, count, anchor, message, bounds)
    doubtful = sum(_is_doubtful(count, message) for message in others)
    bounds.least, bounds.most = max(bounds.least - doubtful, 0), bounds.most + doubtful
    # Marking that is under way may be done or not; and some servers take answering for reading: no document says either way.
    if past.did(count, anchor.begun, _MARKING, anchor.cause):
        bounds.low = bounds.least = 0
    return bounds


def _may_have_left(count: _Count, anchor: _Anchor, message: Message) -> int:
    """In how many ways a message that was counted may have been taken out since: by being deleted, by being read alone."""
    deleted = message.exists.certain(anchor.begun, anchor.done) is not message.exists.certain(
        count.begun, count.done
    )
    read = message.read(count.member).certain(anchor.begun, count.reading[1]) is None
    return int(deleted) + int(read)


def _is_doubtful(count: _Count, message: Message) -> bool:
    """Whether no document says if an unread message counts: one that was deleted (nor do lists and marking have to agree on it),
    or one that a socket told of and no answer did, which may be stored later."""
    if message.read(count.member).certain(*count.reading) is True:
        return False
    return message.learnt or message.exists.certain(count.begun, count.done) is not True


def _is_answered(past: _Past, count: _Count, message: Message) -> bool:
    """Whether a request that was answered has marked the message as read for the member."""
    return not told_by_frames_alone(past.world, message, count.member, *count.reading)


def _is_gone(past: _Past, count: _Count, anchor: _Anchor, message: Message) -> bool:
    """Whether a message was counted for certain, and has been deleted, or read alone, since."""
    before = message.exists.certain(anchor.begun, anchor.done)
    unread = message.read(count.member).certain(anchor.begun, anchor.done) is False
    deleted = past.deleted_is_gone and message.exists.certain(count.begun, count.done) is False
    # What was marked by a frame alone is marked once that was taken in, which is our reading.
    read = message.read(count.member).certain(*count.reading) is True and _is_answered(past, count, message)
    if before is not True or not unread or not (deleted or read):
        return False
    # Who looked at the room, or answered there, may have read it before.
    return not past.did(count, message.begun, (*_MARKING, *_LOOKING))


def _came_since(past: _Past, count: _Count, anchor: _Anchor, message: Message, bounds: _Bounds) -> None:
    there = message.exists.certain(count.begun, count.done)
    read = message.read(count.member).certain(*count.reading)
    more = int(there is not False or not past.deleted_is_gone)
    bounds.high += more if read is not True else 0
    bounds.most += more if read is not True or not _is_answered(past, count, message) else 0
    after = message.begun > anchor.done and message.done < count.begun
    # Who comes later may find what was said before to be unread, or not.
    if after and there is True and read is False and past.was_inside(count, message.begun):
        bounds.low += 1
        bounds.least += 1
