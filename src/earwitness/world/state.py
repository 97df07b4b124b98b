"""What a history implies of rooms and messages: who is in, what was written, and between which moments it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from earwitness.binding import MISSING, Binding, Reading, Seen, Sources, given
from earwitness.world.register import BEGINNING, NEVER, Register
from earwitness.world.timeline import Exchange, Timeline

_K = TypeVar("_K")


@dataclass(slots=True)
class Room:
    """A room: its kind, who is in it (``complete`` when nobody else is), since when its past is known (``NEVER`` when it
    existed before the run), and when an answer had first shown it."""

    id: str
    kind: str = ""
    members: dict[str, Register[bool]] = field(default_factory=dict)
    complete: bool = False
    fresh_since: float = NEVER
    shown_since: float = NEVER
    started_by: list[str] = field(default_factory=list)

    @property
    def ours(self) -> bool:
        """Whether only test members are in it, so that nothing happens there that the history does not hold."""
        return self.complete and not any(member.startswith("#") for member in self.members)

    def has(self, member: str, begun: float, done: float) -> bool | None:
        """Whether ``member`` was in the room all the time between two moments; None when nobody can tell."""
        register = self.members.get(member)
        if register is None:
            return False if self.complete else None
        return register.certain(begun, done)

    def standing(self, begun: float, done: float) -> tuple[str, ...]:
        """The members that may have been in the room between two moments."""
        return tuple(m for m, register in self.members.items() if register.allows(True, begun, done))


@dataclass(slots=True)
class Message:
    """A message that the run sent: every value of it that may change is a register. ``learnt`` is true when no answer told
    its id, and somebody was shown it later: ``done`` is then the first moment at which it was shown."""

    id: str
    room: str
    author: str
    cause: str
    begun: float
    done: float
    nonce: str = ""
    text: Register[str] = field(default_factory=Register)
    exists: Register[bool] = field(default_factory=Register)
    edited: Register[bool] = field(default_factory=Register)
    reactions: dict[tuple[str, str], Register[bool]] = field(default_factory=dict)
    read_by: dict[str, Register[bool]] = field(default_factory=dict)
    has_file: bool = False
    learnt: bool = False

    def reaction(self, member: str, emoji: str) -> Register[bool]:
        """The register of one member's one emoji: false from the beginning."""
        return _flag(self.reactions, (member, emoji), self.begun)

    def read(self, member: str) -> Register[bool]:
        """The register of whether ``member`` has read the message."""
        return _flag(self.read_by, member, self.begun)


def _flag(flags: dict[_K, Register[bool]], key: _K, begun: float) -> Register[bool]:
    if key not in flags:
        flags[key] = Register()
        flags[key].write(False, BEGINNING, begun)
    return flags[key]


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a message whose sender was told none, and the first moment at which somebody was shown it."""

    id: str
    shown: float


@dataclass(slots=True)
class State:
    """All rooms and messages of a history, by id; messages whose id nobody has learnt are in ``nameless``. ``names`` are the
    ids that were learnt elsewhere than from the answer, by the exchange that sent the message."""

    rooms: dict[str, Room] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    nameless: list[Message] = field(default_factory=list)
    gave: dict[str, dict[str, object]] = field(default_factory=dict)
    names: Mapping[str, Name] = field(default_factory=dict)
    _by_room: dict[str, list[Message]] = field(default_factory=dict)
    _by_cause: dict[str, Message] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Take in a message that was sent; the second of an id, and one without any, is nameless."""
        if message.id and message.id not in self.messages:
            self.messages[message.id] = message
        else:
            self.nameless.append(message)
        self._by_room.setdefault(message.room, []).append(message)
        self._by_cause[message.cause] = message

    def all_messages(self) -> Iterator[Message]:
        yield from self.messages.values()
        yield from self.nameless

    def in_room(self, room: str) -> list[Message]:
        """The messages sent to ``room``, in the order in which their sending began."""
        return sorted(self._by_room.get(room, ()), key=lambda m: m.begun)

    def sent_by(self, exchange: str) -> Message | None:
        """The message that an exchange sent, if it sent one."""
        return self._by_cause.get(exchange)


def fold(line: Timeline, binding: Binding, names: Mapping[str, Name] | None = None) -> State:
    """The state that ``line`` implies; ``names`` are ids learnt elsewhere, by the exchange that sent the message."""
    state = State(names=names or {})
    marks: list[tuple[Exchange, Reading]] = []
    for exchange in sorted(line.exchanges.values(), key=lambda e: e.begun):
        if not exchange.as_member or not exchange.readings:
            continue
        for reading in exchange.readings:
            _learn_rooms(state, line, binding, exchange, reading)
        best = effective(exchange)
        if best is not None and best.verb == "mark-room-read":
            marks.append((exchange, best))
        elif best is not None:
            _apply(state, line, binding, exchange, best)
    # A room's messages are marked once all are known: those sent meanwhile may have been marked as well.
    for exchange, best in marks:
        _apply(state, line, binding, exchange, best)
    return state


def effective(exchange: Exchange) -> Reading | None:
    """The verb that an exchange completes, if it is one that changes something."""
    best = exchange.readings[0] if exchange.readings else None
    return best if best is not None and best.last else None


def what_it_gave(binding: Binding, exchange: Exchange, reading: Reading) -> dict[str, object] | None:
    """What the answer gave to the step that ``reading`` is; None when the step was not done. It is worked out once."""
    if exchange.response is None:
        return None
    key = id(reading.step)
    if key not in exchange.given:
        sources = Sources(
            arguments=reading.arguments, response=_body(exchange), headers=exchange.response.headers
        )
        exchange.given[key] = given(binding, reading.step, exchange.status, sources)
    return exchange.given[key]


def _body(exchange: Exchange) -> object:
    assert exchange.response is not None
    return exchange.response.body.value if exchange.response.body.is_json else MISSING


def _learn_rooms(
    state: State, line: Timeline, binding: Binding, exchange: Exchange, reading: Reading
) -> None:
    gave = what_it_gave(binding, exchange, reading)
    if gave is None:
        return
    seen = gave.get("room")
    for room in (seen, *_many(gave.get("rooms"))):
        if isinstance(room, Seen) and room.text("id"):
            _learn_room(state, line, binding, exchange, room)
        elif isinstance(room, str | int) and room is seen and not isinstance(room, bool):
            _learn_room(state, line, binding, exchange, Seen("room", {"id": str(room)}))


def _many(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _learn_room(state: State, line: Timeline, binding: Binding, exchange: Exchange, seen: Seen) -> None:
    room = state.rooms.setdefault(seen.text("id"), Room(seen.text("id")))
    only = next(iter(binding.rooms)) if len(binding.rooms) == 1 else ""
    room.kind = room.kind or seen.text("kind") or only
    room.shown_since = min(room.shown_since, exchange.done)
    kind = binding.rooms.get(room.kind)
    pair = kind is not None and kind.pair
    for shown in _many(seen.get("members")):
        if isinstance(shown, Seen) and shown.text("id"):
            _joined(room, line.member_with_id(shown.text("id")) or f"#{shown.text('id')}", exchange, pair)
            # A pair of which only the peer is shown is no room without the caller.
            room.complete = room.complete or not pair or len(room.members) > 1


def _joined(room: Room, member: str, exchange: Exchange, for_good: bool) -> None:
    if member in room.members:
        return
    register: Register[bool] = Register(open_start=not for_good)
    register.write(
        True, BEGINNING if for_good else exchange.begun, exchange.begun if for_good else exchange.done
    )
    room.members[member] = register


def _apply(state: State, line: Timeline, binding: Binding, exchange: Exchange, reading: Reading) -> None:
    gave = what_it_gave(binding, exchange, reading)
    done_for_sure = gave is not None
    if not done_for_sure and not exchange.uncertain:
        return
    gave = gave or {}
    state.gave[exchange.id] = gave
    match reading.verb:
        case "start-direct" | "open-direct" | "start-group":
            _started(state, line, exchange, reading, gave)
        case "send-text" | "send-file" | "reply":
            _sent(state, exchange, reading, gave, reading.argument("room"))
        case "edit-message":
            for message in _message(state, reading):
                message.text.write(reading.argument("text"), exchange.begun, exchange.done, exchange.id)
                message.edited.write(True, exchange.begun, exchange.done, exchange.id)
        case "delete-message":
            for message in _message(state, reading):
                message.exists.write(False, exchange.begun, exchange.done, exchange.id)
        case "react" | "unreact":
            for message in _message(state, reading):
                _reacted(message, binding, exchange, reading, gave)
        case "mark-room-read":
            for message in state.in_room(reading.argument("room")):
                if message.author != exchange.member and message.begun < exchange.done:
                    begun = max(exchange.begun, message.begun)
                    # A message that was still being sent when the room was read may have been read or not.
                    done = exchange.done if message.done <= exchange.begun else NEVER
                    message.read(exchange.member).write(True, begun, done, exchange.id)
        case "mark-message-read":
            for message in _message(state, reading):
                message.read(exchange.member).write(True, exchange.begun, exchange.done, exchange.id)
        case _:
            pass


def _message(state: State, reading: Reading) -> list[Message]:
    message = state.messages.get(reading.argument("message"))
    return [message] if message is not None else []


def _started(
    state: State, line: Timeline, exchange: Exchange, reading: Reading, gave: dict[str, object]
) -> None:
    seen = gave.get("room")
    room_id = seen.text("id") if isinstance(seen, Seen) else "" if seen is None else str(seen)
    room = state.rooms.get(room_id)
    if room is not None:
        room.started_by.append(exchange.id)
        # An answer that calls a room new which was shown before is not taken at its word.
        if gave.get("created") is True and room.shown_since >= exchange.begun:
            room.fresh_since = min(room.fresh_since, exchange.begun)
        if reading.verb != "start-group" and (peer := line.member_with_id(reading.argument("peer.id"))):
            _joined(room, exchange.member, exchange, True)
            _joined(room, peer, exchange, True)
            room.complete = True
    if reading.argument("text"):
        _sent(state, exchange, reading, gave, room_id)


def _sent(state: State, exchange: Exchange, reading: Reading, gave: dict[str, object], room: str) -> None:
    seen = gave.get("message")
    message_id = seen.text("id") if isinstance(seen, Seen) else "" if seen is None else str(seen)
    name = None if message_id else state.names.get(exchange.id)
    text = reading.argument("text") or reading.argument("key")
    message = Message(
        name.id if name else message_id,
        room,
        exchange.member,
        exchange.id,
        exchange.begun,
        # What was shown was there by then.
        min(exchange.done, name.shown) if name else exchange.done,
        text,
        has_file=reading.verb == "send-file",
        learnt=name is not None,
    )
    message.text.write(text, message.begun, message.done, exchange.id)
    message.exists.write(False, BEGINNING, message.begun)
    message.exists.write(True, message.begun, message.done, exchange.id)
    message.edited.write(False, BEGINNING, message.begun, exchange.id)
    state.add(message)


def _reacted(
    message: Message, binding: Binding, exchange: Exchange, reading: Reading, gave: dict[str, object]
) -> None:
    emoji, who = reading.argument("emoji"), exchange.member
    rule = binding.rule("reactions")
    style = rule.value if rule else "many-added"
    before = message.reaction(who, emoji).certain(exchange.begun, exchange.begun)
    in_force: bool | None = reading.verb == "react"
    if style in ("one-toggled", "many-toggled"):
        # The answer says how it came out; without its word only a known state before tells, and without an answer nothing: it
        # may be done any time later.
        outcome = gave.get("outcome")
        told = None if before is None or exchange.done == NEVER else not before
        in_force = outcome if isinstance(outcome, bool) else told
    for value in (True, False) if in_force is None else (in_force,):
        done = exchange.done if in_force is not None else NEVER
        message.reaction(who, emoji).write(value, exchange.begun, done, exchange.id)
        if style == "one-toggled" and value:
            for (member, other), register in list(message.reactions.items()):
                if member == who and other != emoji:
                    # Of two at the same time either may be the one that is replaced.
                    for write in register.writes:
                        if write.value and write.done > exchange.begun and write.cause != exchange.id:
                            message.reaction(who, emoji).write(False, write.begun, write.done, write.cause)
                    register.write(False, exchange.begun, done, exchange.id)
