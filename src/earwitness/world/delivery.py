"""Who must, may and must not hear what, and who did: every event that was due, matched with every frame that was heard.

An event is due once its cause was done. A socket *must* hear it when its member is in the must-audience and it was open
from before the cause until the event was heard or the deadline passed; it *may* when its member is in either audience and it
was open at any time since. Every other socket must not. What was refused is due to nobody; what nobody answered may be
heard, and need not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from earwitness.binding import Binding, Cause, EventBinding, Seen, Sources, only_kind, room_key, show
from earwitness.binding.expressions import MISSING
from earwitness.history import FrameHeard
from earwitness.spec import Audience, FrameSpec, Spec
from earwitness.world.acts import STARTS, effective, says_first_text, what_it_gave
from earwitness.world.audience import Ears, audience_of, may_hear
from earwitness.world.matching import Index, match
from earwitness.world.state import Message, State
from earwitness.world.timeline import Exchange, Socket, Timeline

_BASES = ("stated", "shown", "decided")


def weakest(*bases: str) -> str:
    """The weakest of several bases: a promise is only as good as the part of it that is least sure."""
    return max(bases, key=_BASES.index)


@dataclass(slots=True)
class Heard:
    """A frame as a socket heard it: the message it is, the event it tells of and what it shows of it."""

    entry: FrameHeard
    socket: Socket
    frame: FrameSpec | None = None
    event: str = ""
    shows: Mapping[str, str] = field(default_factory=dict)
    seen: Seen | None = None
    due: Due | None = None
    match: Literal["due", "again", "refused", "none"] = "none"


@dataclass(slots=True)
class Due:
    """An event that a cause made due (``certain``), may have made due, or must not have (``refused``)."""

    event: str
    exchange: Exchange
    verb: str
    room: str
    shows: Mapping[str, str]
    standing: Literal["certain", "unknown", "refused"]
    basis: str
    clause: str
    audience: Audience
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    heard: dict[str, list[Heard]] = field(default_factory=dict)
    basis_may: str = "decided"

    @property
    def missing(self) -> tuple[str, ...]:
        """The sockets that had to hear it and did not."""
        return tuple(socket for socket in self.must if socket not in self.heard)

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        what = self.shows.get("text") or self.shows.get("emoji") or self.shows.get("message")
        return f"{self.event} of {what!r}" if what else self.event


@dataclass(slots=True)
class Delivery:
    """All that was due and all that was heard."""

    dues: list[Due] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def outstanding(self) -> list[Due]:
        """What was due for certain and not heard yet by all who must."""
        return [due for due in self.dues if due.standing == "certain" and due.missing]

    def told(self, socket: str) -> bool:
        """Whether a socket heard of anything that happened; being told that it is refused is not that."""
        return any(one.socket.id == socket and one.event not in ("", "error") for one in self.heard)


def deliver(line: Timeline, state: State, spec: Spec, binding: Binding) -> Delivery:
    """The delivery of the history that ``line`` and ``state`` come from."""
    frames = {name: frame for channel in spec.channels.values() for name, frame in channel.hears.items()}
    dues = [
        due for exchange in line.exchanges.values() for due in _dues(exchange, line, state, binding, frames)
    ]
    dues.sort(key=lambda due: due.exchange.begun)
    heard = [
        _heard(entry, socket, spec, binding) for socket in line.sockets.values() for entry in socket.heard
    ]
    heard.sort(key=lambda one: (one.entry.t, one.entry.n))
    index = Index(dues)
    for one in heard:
        if one.event:
            named = [due for due in index.about(one) if _same_message(due, one.shows, state, binding)]
            match(one, named, lambda due, socket: may_hear(due, socket, state, binding, spec))
    deadline = line.run.deadline_ms * 1_000_000
    ears = Ears(line, state)
    for due in dues:
        due.must, due.may = audience_of(due, ears.near(due), state, binding, spec, deadline)
    return Delivery(dues, heard)


# -- what is due ------------------------------------------------------------------------------------------------------


def _dues(
    exchange: Exchange, line: Timeline, state: State, binding: Binding, frames: Mapping[str, FrameSpec]
) -> Iterator[Due]:
    reading = effective(exchange)
    if reading is None or not exchange.as_member:
        return
    for event in binding.events.values():
        cause = event.cause(reading.verb, exchange.form)
        # All messages of an event have the same audience; the first that has one tells.
        heard = (frames[message] for message in event.messages if message in frames)
        frame = next((each for each in heard if each.audience is not None), None)
        if cause is None or frame is None or frame.audience is None:
            continue
        if (
            event.name == "message-created"
            and reading.verb in STARTS
            and not says_first_text(exchange, reading)
        ):
            continue
        standing = _standing(exchange, state, binding)
        for room, shows, sure in _subjects(event, exchange, line, state, binding):
            yield Due(
                event=event.name,
                exchange=exchange,
                verb=reading.verb,
                room=room,
                shows=shows,
                standing="unknown" if standing == "certain" and not sure else standing,
                basis=weakest(
                    cause.basis, frame.audience.basis if frame.audience.must != "nobody" else cause.basis
                ),
                clause=_clause(cause, frame),
                audience=frame.audience,
            )


def _clause(cause: Cause, frame: FrameSpec) -> str:
    return cause.clause or (frame.audience.clause if frame.audience else "") or frame.clause


def _standing(exchange: Exchange, state: State, binding: Binding) -> Literal["certain", "unknown", "refused"]:
    reading = exchange.readings[0]
    if exchange.by_http:
        if what_it_gave(binding, exchange, reading) is not None:
            return "certain"
        return "unknown" if exchange.uncertain else "refused"
    stored = state.stored_for(reading)
    if stored is not None and stored.by != exchange.member:
        return "refused"
    room = state.rooms.get(stored.room if stored else reading.argument("room"))
    if room is None:
        return "unknown"
    inside = room.has(exchange.member, exchange.begun, exchange.begun)
    return "certain" if inside else "refused" if inside is False else "unknown"


def _subjects(
    event: EventBinding, exchange: Exchange, line: Timeline, state: State, binding: Binding
) -> Iterator[tuple[str, dict[str, str], bool]]:
    """What the event is about: its room, what it must show, and whether that is sure."""
    reading = exchange.readings[0]
    actor = line.id_of(exchange.member)
    gave = state.gave.get(exchange.id, {})
    sent = state.sent_by(exchange.id)
    if event.name == "message-created":
        stored = state.stored_for(reading)
        if stored is not None:
            named = reading.argument("message")
            yield stored.room, _known(message=named, text=stored.text, author=line.id_of(stored.by)), True
            return
        text = sent.nonce if sent else reading.argument("text") or reading.argument("key")
        room = sent.room if sent else reading.argument("room")
        yield room, _known(message=sent.id if sent else "", text=text, author=actor), True
        return
    message = state.messages.get(reading.argument("message"))
    room = message.room if message else reading.argument("room")
    if event.name == "message-edited":
        yield room, _known(message=reading.argument("message"), text=reading.argument("text")), True
    elif event.name == "message-deleted":
        yield room, _known(message=reading.argument("message")), True
    elif event.name == "reaction-changed":
        outcome = gave.get("outcome")
        in_force = str(outcome) if isinstance(outcome, bool) else ""
        shows = _known(
            message=reading.argument("message"),
            member=actor,
            emoji=reading.argument("emoji"),
            in_force=in_force,
        )
        yield room, shows, True
        for replaced in _replaced(exchange, message, reading.argument("emoji")) if message else ():
            yield room, {**shows, "emoji": replaced, "in_force": "False"}, False
    elif event.name == "message-read" and reading.verb == "mark-room-read":
        yield from _receipts(exchange, reading.argument("room"), actor, state, binding)
    elif event.name == "message-read":
        sure = (
            message is not None
            and message.read(exchange.member).certain(exchange.begun, exchange.begun) is False
        )
        yield room, _known(message=reading.argument("message"), member=actor), sure
    else:
        yield reading.argument("room"), _known(member=actor), True


def _replaced(exchange: Exchange, message: Message, emoji: str) -> Iterator[str]:
    """The reactions whose place another one took: a server may tell of what is gone as well."""
    for (_, other), register in message.reactions.items():
        gone = any(write.cause == exchange.id and not write.value for write in register.writes)
        if gone and other != emoji and register.allows(True, exchange.begun, exchange.begun):
            yield other


def _receipts(
    exchange: Exchange, room: str, actor: str, state: State, binding: Binding
) -> Iterator[tuple[str, dict[str, str], bool]]:
    rule = binding.rule("receipts")
    unread = [
        (message, message.read(exchange.member).certain(exchange.begun - 1, exchange.begun - 1))
        for message in state.in_room(room)
        if message.author != exchange.member and message.begun < exchange.done
    ]
    candidates = [
        (message, _unread_for_sure(message, was_read, exchange))
        for message, was_read in unread
        if was_read is not True
    ]
    if rule is not None and rule.value == "one-a-message":
        for message, sure in candidates:
            yield room, _known(message=message.id, member=actor), sure
    elif candidates:
        yield room, _known(member=actor), any(sure for _, sure in candidates)


def _unread_for_sure(message: Message, was_read: bool | None, exchange: Exchange) -> bool:
    there = message.exists.certain(exchange.begun, exchange.done) is True
    return was_read is False and there and message.done < exchange.begun


def _known(**shows: str) -> dict[str, str]:
    return {name: value for name, value in shows.items() if value != ""}


# -- what was heard ---------------------------------------------------------------------------------------------------


def _heard(entry: FrameHeard, socket: Socket, spec: Spec, binding: Binding) -> Heard:
    channel = spec.channels.get(socket.entry.channel)
    payload = entry.payload.value if entry.payload.is_json else None
    frame = channel.recognise(payload) if channel is not None and entry.payload.is_json else None
    heard = Heard(entry, socket, frame)
    for event in binding.events.values() if frame is not None else ():
        if frame is not None and frame.name in event.messages:
            heard.event = event.name
            heard.shows, heard.seen = _shown(event, payload, binding)
            if heard.shows.get("room"):
                kinds = (
                    binding.sockets[socket.entry.name].kinds if socket.entry.name in binding.sockets else ()
                )
                room = room_key(binding, only_kind(binding, kinds), heard.shows["room"])
                heard.shows = {**heard.shows, "room": room}
    return heard


def _shown(event: EventBinding, payload: object, binding: Binding) -> tuple[dict[str, str], Seen | None]:
    shows: dict[str, str] = {}
    main: Seen | None = None
    for name, shown in event.gives.items():
        value = show(binding, shown, Sources(arguments={}, message=payload))
        if value is MISSING or value is None:
            continue
        if not isinstance(value, Seen):
            shows[name] = str(value)
            continue
        main = value
        for key, inner in value.fields.items():
            if isinstance(inner, str | int | bool):
                shows["message" if key == "id" and name == "message" else key] = str(inner)
    return shows, main


def _same_message(due: Due, heard: Mapping[str, str], state: State, binding: Binding) -> bool:
    """Whether an event may be of a due whose message has no known id: not when it names a message, or a room, that the run
    knows as another one."""
    if "message" in due.shows or "text" not in due.shows:
        return True
    room, other = state.rooms.get(due.room), state.rooms.get(heard.get("room", ""))
    if heard.get("message") in state.messages:
        return False
    kind = binding.rooms.get(room.kind) if room else None
    # A room that is addressed by the peer is called differently by each of its members.
    return room is None or other is None or other is room or (kind is not None and kind.address == "peer")
