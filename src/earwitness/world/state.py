"""What a history implies of rooms and messages: who is in, what was written, and between which moments it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from earwitness.binding import Binding, Reading, Seen
from earwitness.history import FrameSaid
from earwitness.world.acts import answered, effective, key_given, says_first_text, what_it_gave
from earwitness.world.blocks import Blocks
from earwitness.world.membership import (
    is_changed,
    is_started,
    joins_by_opening,
    learn_room_of_pair,
    learn_rooms,
    see_members,
)
from earwitness.world.register import BEGINNING, NEVER, Register
from earwitness.world.room import Room
from earwitness.world.timeline import Exchange, Socket, Timeline

_K = TypeVar("_K")


@dataclass(slots=True)
class Message:
    """A message that the run sent: every value of it that may change is a register. ``learnt`` is true when no answer told
    its id, and somebody was shown it later: ``done`` is then the first moment at which it was shown. ``reply_to`` is the id of the message that it answers, if it answers one."""

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
    reply_to: str = ""

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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an earlier step of a verb has stored for a later one to tell of: by whom, its room and text, and when."""

    by: str
    room: str
    text: str
    begun: float
    done: float


@dataclass(slots=True)
class State:
    """All rooms and messages of a history, by id; messages whose id nobody has learnt are in ``nameless``. ``names`` are the
    ids that were learnt elsewhere than from the answer, by the exchange that sent the message."""

    rooms: dict[str, Room] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    nameless: list[Message] = field(default_factory=list)
    gave: dict[str, dict[str, object]] = field(default_factory=dict)
    names: Mapping[str, Name] = field(default_factory=dict)
    prepared: dict[str, Prepared] = field(default_factory=dict)
    blocks: Blocks = field(default_factory=Blocks)
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

    def stored_for(self, reading: Reading) -> Prepared | None:
        """What the step that ``reading`` is tells of, where an earlier one has stored it."""
        return self.prepared.get(reading.argument("message")) if reading.verb == "send-file" else None

    def all_messages(self) -> Iterator[Message]:
        yield from self.messages.values()
        yield from self.nameless

    def in_room(self, room: str) -> list[Message]:
        """The messages sent to ``room``, in the order in which their sending began."""
        return sorted(self._by_room.get(room, ()), key=lambda m: m.begun)

    def is_kept_out(self, room: Room, member: str, begun: float, done: float) -> bool | None:
        """Whether the other member of a room of two has blocked ``member``; None when nobody can tell. Of larger rooms blocks
        say nothing."""
        held = [
            self.blocks.holds(other, member, begun, done)
            for other in room.members
            if other != member and len(room.members) == 2
        ]
        return True if True in held else None if None in held else False

    def may_say(self, exchange: Exchange, reading: Reading, sent_to: str = "") -> bool | None:
        """Whether who says a frame may: is in its room (``sent_to``, where a message was sent by it), and not blocked there, and
        the author of what it changes; None when nobody can tell. Nothing else answers a frame."""
        when = (exchange.begun, exchange.begun)
        prepared = self.stored_for(reading)
        told = prepared.room if prepared is not None else reading.argument("room")
        room = self.rooms.get(sent_to or told)
        message = self.messages.get(reading.argument("message"))
        held: list[bool | None] = [None if room is None else room.has(exchange.member, *when)]
        if reading.verb in ("send-text", "send-file", "reply") and room is not None:
            kept_out = self.is_kept_out(room, exchange.member, *when)
            held.append(None if kept_out is None else not kept_out)
        if prepared is not None:
            held.append(prepared.by == exchange.member)
        elif message is None and reading.argument("message"):
            held.append(None)  # whether there is such a message, and whose it is
        if message is not None and reading.verb == "reply" and room is not None:
            # What becomes of an answer to something that is not there is said by no document.
            here = message.room == room.id and message.exists.certain(*when) is True
            held.append(True if here else None)
        if message is not None and reading.verb not in ("send-file", "reply"):
            held.append(message.exists.certain(*when))
            if reading.verb in ("edit-message", "delete-message"):
                held.append(message.author == exchange.member)
        return False if False in held else None if None in held else True

    def sent_by(self, exchange: str) -> Message | None:
        """The message that an exchange sent, if it sent one."""
        return self._by_cause.get(exchange)


def fold(line: Timeline, binding: Binding, names: Mapping[str, Name] | None = None) -> State:
    """The state that ``line`` implies; ``names`` are ids learnt elsewhere, by the exchange that sent the message."""
    state = State(names=names or {})
    exchanges = [
        exchange
        for exchange in sorted(line.exchanges.values(), key=lambda e: e.begun)
        if exchange.as_member and exchange.readings
    ]
    # Which rooms there are is known before anything is told of them: a room may be shown after it was first used.
    for exchange in exchanges:
        learn_rooms(state, line, binding, exchange)
        state.blocks.learn(line, binding, exchange)
    _place(state, line, binding)
    marks: list[tuple[Exchange, Reading]] = []
    for happened in _in_order(line, exchanges):
        if isinstance(happened, Socket):
            if happened.room in state.rooms:
                joins_by_opening(happened, line, binding, state.rooms[happened.room])
            continue
        for reading in happened.readings:
            _learn_prepared(state, binding, happened, reading)
        best = effective(happened)
        if best is not None and best.verb == "mark-room-read":
            marks.append((happened, best))
        elif best is not None:
            _apply(state, line, binding, happened, best)
        see_members(state, line, binding, happened)
    # A room's messages are marked once all are known: those sent meanwhile may have been marked as well.
    for exchange, best in marks:
        _apply(state, line, binding, exchange, best)
    return state


def _place(state: State, line: Timeline, binding: Binding) -> None:
    """Give each socket that was opened for a peer its room, and each frame said there."""
    for socket in line.sockets.values():
        socket.room = learn_room_of_pair(state, line, binding, socket)
    for exchange in line.exchanges.values():
        said_on = line.sockets.get(exchange.entry.socket) if isinstance(exchange.entry, FrameSaid) else None
        if said_on is not None and said_on.room:
            exchange.readings = tuple(
                replace(r, arguments={"room": said_on.room, **r.arguments}) for r in exchange.readings
            )


def _in_order(line: Timeline, exchanges: list[Exchange]) -> list[Exchange | Socket]:
    happened: list[tuple[int, Exchange | Socket]] = [(one.begun, one) for one in exchanges]
    happened += [(socket.entry.t, socket) for socket in line.sockets.values()]
    return [one for _, one in sorted(happened, key=lambda pair: pair[0])]


def _learn_prepared(state: State, binding: Binding, exchange: Exchange, reading: Reading) -> None:
    """The message that an earlier step of a verb has stored, and that a later one will tell of."""
    gave = None if reading.last else what_it_gave(binding, exchange, reading)
    seen = (gave or {}).get("message")
    if isinstance(seen, Seen) and seen.text("id"):
        room = reading.argument("room") or seen.text("room")
        state.prepared[seen.text("id")] = Prepared(
            exchange.member, room, reading.argument("text"), exchange.begun, exchange.done
        )


def _apply(state: State, line: Timeline, binding: Binding, exchange: Exchange, reading: Reading) -> None:
    gave = what_it_gave(binding, exchange, reading)
    done_for_sure = gave is not None
    if not done_for_sure and not exchange.uncertain:
        return
    gave = gave or {}
    state.gave[exchange.id] = gave
    writes = reading.verb in ("edit-message", "delete-message", "mark-message-read")
    if writes and not exchange.by_http and state.may_say(exchange, reading) is False:
        return
    match reading.verb:
        case "start-direct" | "open-direct" | "start-group":
            is_started(state, line, binding, exchange, reading, gave)
            if says_first_text(exchange, reading):
                _sent(state, binding, exchange, reading, gave, key_given(binding, gave.get("room")))
        case "add-member" | "remove-member" | "leave" | "delete-room" | "change-role":
            room = state.rooms.get(reading.argument("room"))
            if room is not None:
                is_changed(line, exchange, reading, room)
        case "block" | "unblock":
            state.blocks.is_changed(line, exchange, reading)
        case "send-text" | "send-file" | "reply":
            _sent(state, binding, exchange, reading, gave, reading.argument("room"))
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
                # Nothing answers a frame, but who may has marked the message once it was taken in.
                sure = exchange.by_http or state.may_say(exchange, reading)
                done = line.taken_by(exchange) if sure else exchange.done
                message.read(exchange.member).write(True, exchange.begun, done, exchange.id)
        case _:
            pass


def _message(state: State, reading: Reading) -> list[Message]:
    message = state.messages.get(reading.argument("message"))
    return [message] if message is not None else []


def _sent(
    state: State,
    binding: Binding,
    exchange: Exchange,
    reading: Reading,
    gave: dict[str, object],
    room: str,
) -> None:
    seen = gave.get("message")
    message_id = seen.text("id") if isinstance(seen, Seen) else "" if seen is None else str(seen)
    # A reply names the message that it answers; only of what an earlier step has stored is a named message the one that is sent.
    prepared = state.stored_for(reading)
    if prepared is not None and (
        prepared.by != exchange.member or reading.argument("message") in state.messages
    ):
        return  # somebody else's, or told of before: nothing more is sent
    if prepared is not None:
        message_id, room = reading.argument("message"), prepared.room
    name = None if message_id else state.names.get(exchange.id)
    text = prepared.text if prepared else reading.argument("text") or reading.argument("key")
    message = Message(
        name.id if name else message_id,
        room,
        exchange.member,
        exchange.id,
        prepared.begun if prepared else exchange.begun,
        # What was shown was there by then.
        min(exchange.done, name.shown) if name else prepared.done if prepared else exchange.done,
        text,
        has_file=reading.verb == "send-file",
        learnt=name is not None,
        reply_to=answered(binding, exchange, reading),
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
    if reading.verb == "unreact" and not emoji:
        # Without an emoji, all of the member's go.
        for (member, _), register in message.reactions.items():
            if member == who:
                register.write(False, exchange.begun, exchange.done, exchange.id)
        return
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
