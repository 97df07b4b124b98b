"""What was due to be heard: every event that something done, said, opened or closed made due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from earwitness.binding import Binding, Cause, EventBinding
from earwitness.history import FrameSaid, SocketClosed
from earwitness.spec import Audience, FrameSpec, Spec
from earwitness.world.acts import STARTS, effective, says_first_text, what_it_gave
from earwitness.world.presence import Passage, comings_and_goings
from earwitness.world.register import NEVER
from earwitness.world.state import Message, State
from earwitness.world.timeline import Exchange, Timeline

if TYPE_CHECKING:
    from earwitness.world.delivery import Heard

_BASES = ("stated", "shown", "decided")


def weakest(*bases: str) -> str:
    """The weakest of several bases: a promise is only as good as the part of it that is least sure."""
    return max(bases, key=_BASES.index)


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
    # The one socket that is meant, where it is not for all of a member's.
    only: str = ""
    # Since when others may know of it, where that may be before our end of it is over.
    known_since: float = NEVER

    @property
    def earliest(self) -> float:
        """The moment before which nobody can have heard it."""
        return min(self.exchange.begun, self.known_since)

    def is_end_of(self, socket: str) -> bool:
        """Whether it tells of this very socket's end, which that one hears nothing of."""
        return isinstance(self.exchange.entry, SocketClosed) and self.exchange.entry.socket == socket

    @property
    def missing(self) -> tuple[str, ...]:
        """The sockets that had to hear it and did not."""
        return tuple(socket for socket in self.must if socket not in self.heard)

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        what = self.shows.get("text") or self.shows.get("emoji") or self.shows.get("message")
        return f"{self.event} of {what!r}" if what else self.event


def all_dues(line: Timeline, state: State, spec: Spec, binding: Binding) -> list[Due]:
    """Everything that was due in the history that ``line`` and ``state`` come from, in the order of its causes."""
    frames = {name: frame for channel in spec.channels.values() for name, frame in channel.hears.items()}
    dues = [
        due
        for exchange in line.exchanges.values()
        for due in (
            *_dues(exchange, line, state, binding, frames),
            *_errors(exchange, line, state, spec, binding),
        )
    ]
    for seen in comings_and_goings(line, state, binding):
        dues += _presence(seen, line, binding, frames)
    return sorted(dues, key=lambda due: due.exchange.begun)


def _dues(
    exchange: Exchange, line: Timeline, state: State, binding: Binding, frames: Mapping[str, FrameSpec]
) -> Iterator[Due]:
    reading = effective(exchange)
    if reading is None or not exchange.as_member:
        return
    for event in binding.events.values():
        cause, frame = event.cause(reading.verb, exchange.form), _frame(event, frames)
        if cause is None or frame is None or frame.audience is None:
            continue
        starts = event.name == "message-created" and reading.verb in STARTS
        if starts and not says_first_text(exchange, reading):
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


def _frame(event: EventBinding, frames: Mapping[str, FrameSpec]) -> FrameSpec | None:
    """The message that tells of ``event``. All messages of an event have the same audience; the first that has one tells."""
    heard = (frames[message] for message in event.messages if message in frames)
    return next((each for each in heard if each.audience is not None), None)


def _presence(
    seen: Passage, line: Timeline, binding: Binding, frames: Mapping[str, FrameSpec]
) -> Iterator[Due]:
    """What is due because a member's socket opened or closed."""
    for event in binding.events.values():
        cause, frame = event.cause(seen.verb, ""), _frame(event, frames)
        if cause is None or frame is None or frame.audience is None:
            continue
        yield Due(
            event=event.name,
            exchange=seen.exchange,
            verb=seen.verb,
            room=seen.room,
            shows=_known(member=line.id_of(seen.exchange.member)),
            standing=seen.standing,
            # That each socket counts is said by no document: where the member has another one, it may be told once.
            basis=weakest(cause.basis, frame.audience.basis, "stated" if seen.alone else "decided"),
            clause=_clause(cause, frame),
            audience=frame.audience,
            known_since=seen.known_since,
        )


def _errors(exchange: Exchange, line: Timeline, state: State, spec: Spec, binding: Binding) -> Iterator[Due]:
    """Being told that a frame was refused: on the socket that said it, where the API has an event for that."""
    entry, event = exchange.entry, binding.events.get("error")
    socket = line.sockets.get(entry.socket) if isinstance(entry, FrameSaid) else None
    channel = spec.channels.get(socket.entry.channel) if socket is not None else None
    if event is None or socket is None or channel is None:
        return
    frame = _frame(event, channel.hears)
    if frame is None or frame.audience is None:
        return
    refused = effective(exchange) is not None and _standing(exchange, state, binding) == "refused"
    yield Due(
        event=event.name,
        exchange=exchange,
        verb=exchange.readings[0].verb if exchange.readings else "frame",
        room=socket.room,
        shows={},
        # Of a frame that nobody knows to be wrong, an error may be the answer.
        standing="certain" if refused else "unknown",
        basis=weakest("decided", frame.audience.basis),
        clause=frame.audience.clause or frame.clause,
        audience=frame.audience,
        only=socket.id,
    )


def _clause(cause: Cause, frame: FrameSpec) -> str:
    return cause.clause or (frame.audience.clause if frame.audience else "") or frame.clause


def _standing(exchange: Exchange, state: State, binding: Binding) -> Literal["certain", "unknown", "refused"]:
    reading = exchange.readings[0]
    if exchange.by_http:
        if what_it_gave(binding, exchange, reading) is not None:
            return "certain"
        return "unknown" if exchange.uncertain else "refused"
    if exchange.struck is not None:
        return "unknown"
    sent = state.sent_by(exchange.id)
    may = state.may_say(exchange, reading, sent.room if sent else "")
    return "certain" if may else "refused" if may is False else "unknown"


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
        if message is not None and message.author == exchange.member:
            return  # nobody is told that somebody has read what they wrote
        sure = (
            message is not None
            and message.read(exchange.member).certain(exchange.begun, exchange.begun) is False
        )
        yield room, _known(message=reading.argument("message"), member=actor), sure
    else:
        typing = reading.arguments.get("typing")
        said = str(typing) if isinstance(typing, bool) else ""
        yield reading.argument("room"), _known(member=actor, typing=said), True


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
